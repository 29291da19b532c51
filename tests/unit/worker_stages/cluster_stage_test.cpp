#include <gtest/gtest.h>

#include "cluster/gmm.hpp"
#include "cluster/kmeans.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "unit/worker_stages/test_context.hpp"
#include "worker/cluster_stage.hpp"

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
  EXPECT_NO_THROW(run_cluster(context)) << "what is published is not made again";
  store.remove("cluster", {task_key, 0});
  EXPECT_THROW(run_cluster(context), Interrupted);
}

TEST(ClusterStage, TakesWhatTheHeadsOfTheTrainingGave) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const std::vector<float> latents(8);
  const std::vector<std::int32_t> heads = {3, 0, 0, 1};
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "latents.npy", std::span<const float>(latents), {4, 2});
  write_npy(staged / "heads.npy", std::span<const std::int32_t>(heads), {4});
  store.publish(staged, "encode", {points_key, 0}, Json::object());
  TestContext context(store, on_points("cluster", {{"method", "heads"}}, {0}));
  run_cluster(context);
  const NpyFile clusters(store.folder("cluster", {task_key, 0}) / "clusters.npy");
  EXPECT_EQ(std::vector(clusters.int32s().begin(), clusters.int32s().end()), heads);
  EXPECT_EQ(store.read_record("cluster", {task_key, 0}).at("metrics"), (Json{{"clusters_found", 3}}));
}

TEST(ClusterStage, RefusesClustersThatTheMethodCannotHave) {
  const MethodSpec partition{.kind = MethodKind::clustering, .name = "partition"};
  const MethodSpec with_noise{.kind = MethodKind::clustering, .name = "with_noise", .has_noise = true};
  auto said = [](const MethodSpec& method, std::vector<std::int32_t> clusters, const Json& of = Json::object()) -> std::string {
    try {
      worker::check_clusters({.clusters = std::move(clusters)}, method, of, 3);
    } catch (const worker::TaskError& error) {
      return error.kind() + ": " + error.what();
    }
    return "";
  };
  EXPECT_EQ(said(partition, {0, 2, 1}), "");
  EXPECT_EQ(said(partition, {0, 1, 1}, {{"k", 2}}), "");
  EXPECT_EQ(said(with_noise, {-1, 1, 0}, {{"k", 2}}), "");
  EXPECT_EQ(said(partition, {0, -1, 1}),
            "internal: clustering 'partition' left image 1 out of every cluster, but its descriptor does not say has_noise");
  EXPECT_EQ(said(with_noise, {0, 0, -2}), "internal: clustering 'with_noise' put image 2 into cluster -2, but its clusters are 0 to 2");
  EXPECT_EQ(said(partition, {0, 1, 2}, {{"k", 2}}), "internal: clustering 'partition' put image 2 into cluster 2, but its clusters are 0 to 1");
  EXPECT_EQ(said(partition, {3, 1, 2}), "internal: clustering 'partition' put image 0 into cluster 3, but its clusters are 0 to 2");
  EXPECT_EQ(said(partition, {0, 1}), "internal: clustering 'partition' returned clusters of 2 images, and there are 3");
}
