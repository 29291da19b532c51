#include <gtest/gtest.h>

#include "cluster/gmm.hpp"
#include "cluster/kmeans.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;
using worker::Interrupted;

namespace {

const Json params = {{"method", "kmeans"}, {"k", 3}, {"n_init", 4}, {"max_iterations", 300}, {"tolerance", 1e-4}};

}  // namespace

TEST(ClusterStage, PublishesTheClustersOfKmeans) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const MatrixRf points = random_groups(70, 5, 3, 4, 1);
  publish_latents(store, points);
  TestContext context(store, on_points("cluster", params, {0}));
  run_cluster(context);
  const KmeansResult expected = kmeans(ref(points), {.k = 3, .n_init = 4, .seed = 3});
  const NpyFile clusters(store.folder("cluster", {task_key, 0}) / "clusters.npy");
  EXPECT_EQ(std::vector(clusters.int32s().begin(), clusters.int32s().end()), expected.clusters);
  const Json record = store.read_record("cluster", {task_key, 0});
  EXPECT_EQ(record.at("metrics"), (Json{{"clusters_found", 3}, {"inertia", expected.inertia}, {"iterations", expected.iterations}}));
  EXPECT_EQ(record.at("record"), (Json{{"method", "kmeans"}, {"k", 3}, {"n_init", 4}, {"start_kept", expected.start}}));
  EXPECT_EQ(context.progress_calls, 4);
}

TEST(ClusterStage, CountsTheClustersThatAreNotEmpty) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  MatrixRf points(60, 4);
  for (Eigen::Index i = 0; i < 60; ++i) points.row(i).setConstant(static_cast<float>(i % 3));
  publish_latents(store, points);
  Json eight = params;
  eight["k"] = 8;
  TestContext context(store, on_points("cluster", eight, {0}));
  run_cluster(context);
  EXPECT_EQ(store.read_record("cluster", {task_key, 0}).at("metrics").at("clusters_found"), 3);
}

TEST(ClusterStage, CanBeInterruptedBetweenStarts) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  publish_latents(store, random_groups(70, 5, 3, 4, 1));
  TestContext context(store, on_points("cluster", params, {0}));
  context.on_progress = [](std::int64_t done, std::int64_t) {
    if (done == 2) throw Interrupted();
  };
  EXPECT_THROW(run_cluster(context), Interrupted);
  EXPECT_TRUE(context.published.empty());
}

TEST(ClusterStage, RecordsTheCriteriaOfAGaussianMixture) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const MatrixRf points = random_groups(70, 5, 3, 4, 1);
  publish_latents(store, points);
  const Json mixture = {{"method", "gmm"},       {"k", 3},            {"covariance", "diag"}, {"n_init", 1},
                        {"max_iterations", 100}, {"tolerance", 1e-3}, {"reg_covar", 1e-6}};
  TestContext context(store, on_points("cluster", mixture, {0}));
  run_cluster(context);
  const GmmResult expected = gmm(ref(points), {.k = 3, .covariance = Covariance::diag, .seed = 3});
  EXPECT_EQ(store.read_record("cluster", {task_key, 0}).at("metrics"),
            (Json{{"aic", expected.aic}, {"bic", expected.bic}, {"clusters_found", 3}, {"converged", 1},
                  {"iterations", expected.iterations()}, {"log_likelihood", expected.log_likelihood}}));
  context.on_progress = [](std::int64_t, std::int64_t) { throw Interrupted(); };
  EXPECT_THROW(run_cluster(context), Interrupted);
}
