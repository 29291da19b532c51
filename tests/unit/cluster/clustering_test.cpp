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

TEST(Clustering, AMixtureOfAutoTakesTheLeastBic) {
  const MatrixRf points = random_groups(400, 2, 4, 12, 1);
  const Json params = {{"k", 0}, {"max_k", 7}, {"covariance", "full"}, {"n_init", 1}, {"max_iterations", 100}, {"tolerance", 1e-3}, {"reg_covar", 1e-6}};
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  const ClusteringResult found =
      run_clustering("gmm", {.points = ref(points), .params = params, .seed = 4,
                             .progress = [&](std::int64_t done, std::int64_t total) { progress.emplace_back(done, total); }})
          .front();
  EXPECT_EQ(found.record.at("k"), 4);
  ASSERT_EQ(found.record.at("bic_of_k").size(), 7u);
  for (std::size_t k = 1; k <= 7; ++k) {
    EXPECT_EQ(found.record.at("bic_of_k")[k - 1], gmm(ref(points), {.k = static_cast<std::int64_t>(k), .seed = 4}).bic) << k;
    EXPECT_GE(found.record.at("bic_of_k")[k - 1], found.metrics.at("bic")) << k;
  }
  EXPECT_EQ(found.clusters, gmm(ref(points), {.k = 4, .seed = 4}).clusters);
  EXPECT_EQ(progress.back(), (std::pair<std::int64_t, std::int64_t>(6, 7)));
  const MatrixRf three = points.topRows(3);
  EXPECT_EQ(run_clustering("gmm", {.points = ref(three), .params = params}).front().record.at("bic_of_k").size(), 3u);
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
