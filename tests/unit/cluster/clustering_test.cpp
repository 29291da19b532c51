#include "cluster/clustering.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cluster/gmm.hpp"
#include "cluster/kmeans.hpp"
#include "methods/methods.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

TEST(Clustering, RunsKmeansByNameAndReportsProgress) {
  const MatrixRf points = random_groups(90, 4, 3, 6, 1);
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  const ClusteringResult found = run_clustering(
      "kmeans", {.points = ref(points),
                 .params = {{"k", 3}, {"n_init", 2}, {"max_iterations", 300}, {"tolerance", 1e-4}},
                 .seed = 4,
                 .progress = [&](std::int64_t done, std::int64_t total) { progress.emplace_back(done, total); }}).front();
  const KmeansResult expected = kmeans(ref(points), {.k = 3, .n_init = 2, .seed = 4});
  EXPECT_EQ(found.clusters, expected.clusters);
  EXPECT_EQ(found.metrics, (Json{{"inertia", expected.inertia}, {"iterations", expected.iterations}}));
  EXPECT_EQ(progress, (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 2}, {2, 2}}));
}

TEST(Clustering, RunsAGaussianMixtureByNameAndRecordsItsCriteria) {
  const MatrixRf points = random_groups(90, 2, 3, 6, 1);
  for (const auto& [name, covariance] : {std::pair("full", Covariance::full), std::pair("tied", Covariance::tied),
                                         std::pair("diag", Covariance::diag), std::pair("spherical", Covariance::spherical)}) {
    const ClusteringResult found = run_clustering(
        "gmm", {.points = ref(points),
                .params = {{"k", 3}, {"covariance", name}, {"n_init", 2}, {"max_iterations", 100}, {"tolerance", 1e-3}, {"reg_covar", 1e-6}},
                .seed = 4}).front();
    const GmmResult expected = gmm(ref(points), {.k = 3, .covariance = covariance, .n_init = 2, .seed = 4});
    EXPECT_EQ(found.clusters, expected.clusters) << name;
    EXPECT_EQ(found.metrics, (Json{{"log_likelihood", expected.log_likelihood}, {"bic", expected.bic}, {"aic", expected.aic},
                                   {"iterations", expected.iterations()}, {"converged", 1}})) << name;
    EXPECT_EQ(found.record.at("covariance"), name);
  }
}

TEST(Clustering, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  const MatrixRf points = random_points(5, 2, 1);
  try {
    run_clustering("nearby", {.points = ref(points)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), fmt::format("no clustering is called 'nearby'; there are {}", fmt::join(method_names(MethodKind::clustering), ", ")));
  }
}
