#include "cluster/spectral.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "base/error.hpp"
#include "cluster/cluster_qr.hpp"
#include "cluster/clustering.hpp"
#include "cluster/discretize.hpp"
#include "methods/method.hpp"
#include "neighbors/connectivity_graph.hpp"
#include "neighbors/laplacian_embedding.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
std::vector<ClusteringResult> cluster_spectral(const ClusteringInput& input);
MethodSpec spectral_method();
}  // namespace latentgrid

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

using Clusters = std::vector<std::int32_t>;

constexpr AssignLabels all_ways[] = {AssignLabels::kmeans, AssignLabels::discretize, AssignLabels::cluster_qr};

// Clusters numbered in the order of their first points.
Clusters renamed(const Clusters& clusters) {
  std::map<std::int32_t, std::int32_t> names;
  Clusters out;
  for (const std::int32_t cluster : clusters) out.push_back(names.emplace(cluster, static_cast<std::int32_t>(names.size())).first->second);
  return out;
}

Clusters remainders(std::int64_t count, std::int32_t groups) {
  Clusters out(count);
  for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<std::int32_t>(i % groups);
  return out;
}

// Ball i % 3 lies far from the others: three parts of the graph.
MatrixRf three_parts(std::int64_t rows) {
  MatrixRf points = random_points(rows, 4, 1);
  for (Eigen::Index i = 0; i < rows; ++i) points(i, 0) += 100 * static_cast<float>(i % 3);
  return points;
}

std::string message_of(const MatrixRf& points, const SpectralClusteringOptions& options) {
  try {
    spectral_clustering(ref(points), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Spectral, FindsTheClustersOfScikitLearn) {
  const Json points = golden_answer("method_answers.json", "points"), answers = golden_answer("method_answers.json", "spectral");
  for (const auto& [name, rows] : points.items()) {
    const MatrixRf own = matrix_of(rows);
    const Json& answer = answers.at(name);
    const auto expected = [&](const char* how) { return renamed(answer.at(how).get<Clusters>()); };
    EXPECT_EQ(renamed(spectral_clustering(ref(own), {.k = 3}).clusters), expected("kmeans")) << name;
    EXPECT_EQ(renamed(spectral_clustering(ref(own), {.k = 3, .assign_labels = AssignLabels::cluster_qr}).clusters), expected("cluster_qr")) << name;
    const SparseRows graph = connectivity_graph(nearest_neighbors(ref(own), 9, 1));
    const LaplacianEmbedding found = laplacian_embedding(graph, {.count = 3});
    if (found.components > 1) continue;  // discretize begins with signs of vectors that are any of their space then
    EXPECT_EQ(renamed(discretize(found.vectors, 7).clusters), expected("discretize")) << name;
  }
}

TEST(Spectral, TellsThePartsOfAGraphApart) {
  const MatrixRf points = three_parts(300);
  for (const AssignLabels how : all_ways) {
    const SpectralClustering three = spectral_clustering(ref(points), {.k = 3, .assign_labels = how});
    EXPECT_EQ(renamed(three.clusters), remainders(300, 3));
    EXPECT_EQ(three.components, 3);
    EXPECT_EQ(three.eigenvalues, Eigen::VectorXd::Zero(3));
    const SpectralClustering five = spectral_clustering(ref(points), {.k = 5, .assign_labels = how});
    EXPECT_EQ(std::set(five.clusters.begin(), five.clusters.end()).size(), 5);
    std::set<std::pair<std::int32_t, std::int64_t>> pairs;  // of cluster and part
    for (std::int64_t i = 0; i < 300; ++i) pairs.emplace(five.clusters[i], i % 3);
    EXPECT_EQ(pairs.size(), 5) << "no cluster has points of two parts";
    EXPECT_EQ(five.eigenvalues.head(3), Eigen::VectorXd::Zero(3));
    EXPECT_GT(five.eigenvalues[3], 0.001);
  }
}

TEST(Spectral, OfMorePartsThanClustersTheLargestAreApart) {
  MatrixRf points = random_points(200, 2, 1);
  Clusters expected(200, 2);
  for (Eigen::Index i = 0; i < 200; ++i) {
    const std::int32_t part = i < 80 ? 0 : i < 140 ? 1 : i < 170 ? 2 : 3;
    points(i, 0) += 100 * static_cast<float>(part);
    expected[i] = std::min(part, 2);
  }
  for (const AssignLabels how : all_ways) EXPECT_EQ(renamed(spectral_clustering(ref(points), {.k = 3, .assign_labels = how}).clusters), expected);
}

TEST(Spectral, SeparatesRingsThatKmeansCannot) {
  MatrixRf points(400, 2);
  RandomStream random(3, "rings");
  for (Eigen::Index i = 0; i < 400; ++i) {
    const double angle = 2 * 3.141592653589793 * random.uniform(), radius = (i % 2 == 0 ? 1 : 4) + 0.05 * random.normal();
    points.row(i) << static_cast<float>(radius * std::cos(angle)), static_cast<float>(radius * std::sin(angle));
  }
  EXPECT_EQ(renamed(spectral_clustering(ref(points), {.k = 2}).clusters), remainders(400, 2));
}

TEST(Spectral, AutomaticKIsWhereTheLargestGapIs) {
  const SpectralClustering found = spectral_clustering(ref(three_parts(300)), {});
  EXPECT_EQ(found.k, 3);
  EXPECT_EQ(found.eigenvalues.size(), 21);
  EXPECT_EQ(renamed(found.clusters), remainders(300, 3));
  EXPECT_EQ(eigengap(Eigen::Vector4d(0, 0.5, 0.6, 0.65)), 2) << "a single cluster is none";
  EXPECT_EQ(eigengap(Eigen::Vector4d(0, 0, 0, 0)), 3) << "the larger on ties";
  EXPECT_EQ(eigengap(Eigen::VectorXd::Zero(1)), 1);
  const auto results = cluster_spectral(
      {.points = ref(three_parts(300)), .params = {{"k", 0}, {"n_neighbors", 10}, {"assign_labels", "cluster_qr"}}, .seed = 1});
  ASSERT_EQ(results.size(), 1);
  EXPECT_EQ(results[0].record.at("k"), 3);
  EXPECT_EQ(results[0].record.at("k_by"), "eigengap");
}

TEST(Spectral, DoesNotDependOnThreadsOrInstructionSet) {
  const MatrixRf points = random_groups(700, 5, 4, 2, 1);
  for (const AssignLabels how : all_ways) {
    SpectralClusteringOptions options{.k = 4, .assign_labels = how, .seed = 3};
    const Clusters one = spectral_clustering(ref(points), options).clusters;
    for_each_simd_target([&](const std::string& target) { EXPECT_EQ(spectral_clustering(ref(points), options).clusters, one) << target; });
    options.threads = 3;
    EXPECT_EQ(spectral_clustering(ref(points), options).clusters, one);
  }
}

TEST(Spectral, DegeneratePointsHaveAResult) {
  MatrixRf duplicates(60, 3);
  const MatrixRf few = random_points(4, 3, 1, 100);
  for (Eigen::Index i = 0; i < 60; ++i) duplicates.row(i) = few.row(i % 4);
  const MatrixRf equal = MatrixRf::Ones(40, 2), wide = random_points(20, 50, 1), two = random_points(2, 3, 1);
  const auto in_range = [](const SpectralClustering& found, std::size_t points) {
    return found.clusters.size() == points && *std::min_element(found.clusters.begin(), found.clusters.end()) >= 0 &&
           *std::max_element(found.clusters.begin(), found.clusters.end()) < found.k;
  };
  for (const AssignLabels how : all_ways) {
    EXPECT_EQ(renamed(spectral_clustering(ref(duplicates), {.k = 4, .assign_labels = how}).clusters), remainders(60, 4));
    EXPECT_TRUE(in_range(spectral_clustering(ref(equal), {.k = 3, .assign_labels = how}), 40));
    EXPECT_TRUE(in_range(spectral_clustering(ref(wide), {.k = 20, .n_neighbors = 5, .assign_labels = how}), 20)) << "a cluster a point";
    EXPECT_TRUE(in_range(spectral_clustering(ref(two), {.k = 2, .n_neighbors = 2, .assign_labels = how}), 2));
    EXPECT_EQ(spectral_clustering(ref(wide), {.k = 1, .assign_labels = how}).clusters, Clusters(20, 0)) << "one cluster";
  }
}

TEST(Spectral, SaysWhatIsImpossible) {
  EXPECT_EQ(message_of(MatrixRf::Ones(3, 2), {.k = 4, .n_neighbors = 2}), "spectral clustering: 4 clusters of 3 points: ask for 1 to 3");
  EXPECT_EQ(message_of(MatrixRf::Ones(3, 2), {.k = 2}), "spectral clustering: n_neighbors 10 of 3 points: ask for 2 to 3");
  MatrixRf broken = MatrixRf::Ones(12, 2);
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of(broken, {.k = 2}), "spectral clustering: a coordinate is not finite");
  const MethodSpec spec = spectral_method();
  const auto problems = spec.problems_with(spec.complete({{"k", 2}}), {.count = 8, .width = 3, .what = "a latent of 3"});
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].message, "spectral clustering with n_neighbors 10 needs as many images, and there are 8");
  EXPECT_EQ(problems[0].hint, "write spectral: {n_neighbors: 8}, or less");
}

TEST(Spectral, TellsItsProgressAndCanBeInterrupted) {
  const MatrixRf points = random_groups(400, 4, 3, 2, 1);
  std::int64_t last = 0;
  spectral_clustering(ref(points), {.k = 3}, [&](std::int64_t done, std::int64_t total) {
    EXPECT_GE(done, last);
    EXPECT_EQ(total, 12);
    last = done;
  });
  EXPECT_EQ(last, 12);
  struct Interrupted {};
  int calls = 0;
  EXPECT_THROW(spectral_clustering(ref(points), {.k = 3},
                                   [&](std::int64_t, std::int64_t) {
                                     if (++calls == 5) throw Interrupted();
                                   }),
               Interrupted);
}
