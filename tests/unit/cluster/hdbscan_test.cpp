#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "cluster/clustering.hpp"
#include "cluster/condensed_tree.hpp"
#include "cluster/disjoint_sets.hpp"
#include "cluster/mutual_reachability_tree.hpp"
#include "cluster/spanning_tree.hpp"
#include "formula_points.hpp"
#include "methods/method.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
std::vector<ClusteringResult> cluster_hdbscan(const ClusteringInput& input);
MethodSpec hdbscan_method();
}  // namespace latentgrid

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

Json settings(std::int64_t min_samples, const std::string& method = "eom", double epsilon = 0, bool single = false) {
  return {{"min_samples", min_samples},
          {"cluster_selection_method", method},
          {"cluster_selection_epsilon", epsilon},
          {"allow_single_cluster", single}};
}

std::vector<ClusteringResult> cluster(const MatrixRf& points, const Json& params, std::vector<std::int64_t> sizes, int threads = 1) {
  return cluster_hdbscan({.points = ref(points), .params = params, .threads = threads, .extents = std::move(sizes)});
}

std::string letters_of(const MatrixRf& points, const Json& params, std::int64_t size) {
  return letters(cluster(points, params, {size}).at(0).clusters);
}

double reachability(const MatrixRf& points, const std::vector<double>& squared_cores, Eigen::Index a, Eigen::Index b) {
  const double square = (points.row(a).cast<double>() - points.row(b).cast<double>()).squaredNorm();
  return std::sqrt(std::max({square, squared_cores[a], squared_cores[b]}));
}

std::vector<double> squared_cores_of(const MatrixRf& points, std::int64_t min_samples) {
  std::vector<double> cores;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    std::vector<double> squares;
    for (Eigen::Index j = 0; j < points.rows(); ++j) squares.push_back((points.row(i).cast<double>() - points.row(j).cast<double>()).squaredNorm());
    std::sort(squares.begin(), squares.end());
    cores.push_back(squares[min_samples - 1]);
  }
  return cores;
}

// By Kruskal's algorithm over all pairs.
std::vector<double> spanning_tree_heights(const MatrixRf& points, std::int64_t min_samples) {
  const std::vector<double> cores = squared_cores_of(points, min_samples);
  std::vector<Join> pairs;
  for (std::int32_t a = 0; a < points.rows(); ++a) {
    for (std::int32_t b = 0; b < a; ++b) pairs.push_back({a, b, reachability(points, cores, a, b)});
  }
  std::sort(pairs.begin(), pairs.end(), [](const Join& a, const Join& b) { return a.height < b.height; });
  DisjointSets sets(points.rows());
  std::vector<double> heights;
  for (const Join& pair : pairs) {
    const std::int32_t a = sets.root(pair.first), b = sets.root(pair.second);
    if (a == b) continue;
    sets.unite(a, b);
    heights.push_back(pair.height);
  }
  return heights;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Hdbscan, FindsWhatScikitLearnFinds) {
  const auto points = reference_points();
  const Json answers = cluster_reference("hdbscan_reference.json");
  for (const Json& answer : answers) {
    const std::string name = answer.at("points");
    Json params = answer.at("setting");
    const std::int64_t size = params.at("min_cluster_size");
    SCOPED_TRACE(name + " " + params.dump());
    params.erase("min_cluster_size");
    EXPECT_EQ(letters_of(points.at(name), params, size), answer.at("clusters"));
  }
}

TEST(Hdbscan, FindsWhatRFinds) {
  const Json answers = cluster_reference("hdbscan_r_reference.json");
  for (const Json& answer : answers) {
    const MatrixRf points = formula_points(answer.at("rows"), answer.at("width"), answer.at("groups"));
    EXPECT_EQ(letters_of(points, settings(answer.at("size")), answer.at("size")), answer.at("clusters"));
  }
}

TEST(Hdbscan, TheSpanningTreeIsMinimal) {
  for (const std::int64_t min_samples : {1, 2, 7, 90}) {
    for (const std::int64_t width : {1, 2, 5, 33}) {
      const MatrixRf points = random_groups(90, width, 3, 4, width);
      const std::vector<double> expected = spanning_tree_heights(points, min_samples);
      const LinkageTree tree = mutual_reachability_tree(ref(points), min_samples, 1);
      ASSERT_EQ(tree.merges.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(tree.merges[i].height, expected[i], 1e-12 * expected[i]);
    }
  }
}

TEST(Hdbscan, ClustersSplitOnlyIntoLargeEnoughParts) {
  // 0 1 2 and 3 4 5 merge, then 6 alone, then 7 8.
  const LinkageTree tree = linkage_tree(9, {{0, 1, 1}, {1, 2, 1}, {3, 4, 0.5}, {4, 5, 0.5}, {2, 3, 2}, {5, 6, 4}, {7, 8, 1}, {6, 7, 5}});
  const CondensedTree three = condensed_tree(tree, 3);
  ASSERT_EQ(three.clusters.size(), 3);
  EXPECT_EQ(three.clusters[0].parent, -1);
  EXPECT_TRUE(three.clusters[0].splits);
  EXPECT_DOUBLE_EQ(three.clusters[0].stability, 2 * 0.2 + 0.25 + 6 * 0.5);
  EXPECT_DOUBLE_EQ(three.clusters[1].birth, 0.5);
  EXPECT_DOUBLE_EQ(three.clusters[1].stability + three.clusters[2].stability, 3 * (1 - 0.5) + 3 * (2 - 0.5));
  EXPECT_EQ(three.owners[6], 0);
  EXPECT_EQ(three.lambdas[6], 0.25);
  EXPECT_EQ(three.lambdas[8], 0.2);
  EXPECT_EQ(letters(select_clusters(three, {})), "AAABBB...");
  EXPECT_EQ(letters(select_clusters(three, {.allow_single_cluster = true})), "AAABBB...");
  EXPECT_EQ(letters(select_clusters(three, {.epsilon = 3, .allow_single_cluster = true})), "AAAAAA...");
  EXPECT_EQ(letters(select_clusters(condensed_tree(tree, 2), {})), "AAABBB.CC");
  EXPECT_EQ(letters(select_clusters(condensed_tree(tree, 2), {.epsilon = 3})), "AAAAAAABB");
  EXPECT_EQ(letters(select_clusters(condensed_tree(tree, 4), {})), ".........");
  EXPECT_EQ(letters(select_clusters(condensed_tree(tree, 4), {.allow_single_cluster = true})), "AAAAAA...") << "who stays to the end";
  EXPECT_EQ(letters(select_clusters(condensed_tree(tree, 10), {.allow_single_cluster = true})), ".........");
}

TEST(Hdbscan, DoesNotDependOnThreadsOrInstructionSet) {
  const MatrixRf points = formula_points(1200, 300, 6);  // enough of them for a thread
  MatrixRf grid(900, 2);  // almost all distances are equal to others
  for (Eigen::Index i = 0; i < 900; ++i) grid.row(i) << static_cast<float>(i / 30), static_cast<float>(i % 30);
  for (const MatrixRf& some : {points, grid}) {
    const auto one = cluster(some, settings(4, "leaf"), {4, 20});
    const auto same = [&](const std::vector<ClusteringResult>& other) {
      for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(other.at(i).clusters, one[i].clusters);
    };
    for_each_simd_target([&](const std::string& target) {
      SCOPED_TRACE(target);
      same(cluster(some, settings(4, "leaf"), {4, 20}));
    });
    for (const int threads : {2, 3}) same(cluster(some, settings(4, "leaf"), {4, 20}, threads));
  }
}

TEST(Hdbscan, OneTreeServesEverySize) {
  const MatrixRf points = formula_points(700, 3, 5);
  for (const std::string method : {"eom", "leaf"}) {
    const std::vector<std::int64_t> sizes = {2, 3, 5, 8, 13, 100, 701};
    const auto all = cluster(points, settings(5, method), sizes);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_EQ(cluster(points, settings(5, method), {sizes[i]}).at(0).clusters, all[i].clusters);
      const std::int32_t clusters = *std::max_element(all[i].clusters.begin(), all[i].clusters.end()) + 1;
      EXPECT_EQ(all[i].record, (Json{{"method", "hdbscan"}, {"min_cluster_size", sizes[i]}, {"min_samples", 5}, {"clusters", clusters}}));
      for (std::int32_t c = 0; c < clusters; ++c) EXPECT_GE(std::count(all[i].clusters.begin(), all[i].clusters.end(), c), sizes[i]);
    }
    EXPECT_EQ(all.back().record.at("clusters"), 0) << "a cluster cannot have more points than there are";
  }
}

TEST(Hdbscan, DegeneratePointsHaveADefinedResult) {
  EXPECT_EQ(letters_of(MatrixRf::Ones(20, 3), settings(5), 5), std::string(20, '.')) << "one place, and no cluster may be all";
  EXPECT_EQ(letters_of(MatrixRf::Ones(20, 3), settings(5, "eom", 0, true), 5), std::string(20, 'A'));
  EXPECT_EQ(letters_of(MatrixRf::Ones(20, 3), settings(5, "leaf", 0, true), 5), std::string(20, 'A'));
  MatrixRf two_places = MatrixRf::Zero(20, 2);
  two_places.bottomRows(10).setConstant(3);
  EXPECT_EQ(letters_of(two_places, settings(4), 4), std::string(10, 'A') + std::string(10, 'B')) << "equal points never part";
  EXPECT_EQ(letters_of(two_places, settings(4, "leaf"), 4), std::string(10, 'A') + std::string(10, 'B'));
  EXPECT_EQ(letters_of(random_points(1, 2, 1), settings(1), 2), ".");
  EXPECT_EQ(letters_of(random_points(2, 2, 1), settings(1), 2), "..");
  EXPECT_EQ(letters_of(random_points(5, 40, 1), settings(5), 5), ".....");
  EXPECT_EQ(letters_of(random_groups(60, 2, 2, 1e18, 1), settings(3), 20), letters_of(random_groups(60, 2, 2, 1e9, 1), settings(3), 20));
}

TEST(Hdbscan, SaysWhatIsWrong) {
  MatrixRf broken = MatrixRf::Ones(3, 2);
  EXPECT_EQ(message_of([&] { cluster(broken, settings(4), {5}); }), "HDBSCAN: min_samples 4 of 3 points: ask for 1 to 3");
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of([&] { cluster(broken, settings(2), {5}); }), "HDBSCAN: a coordinate is not finite");
}

TEST(Hdbscan, TellsItsProgressAndCanBeInterrupted) {
  const MatrixRf points = random_points(700, 3, 1);
  std::vector<std::int64_t> dones;
  ClusteringInput input{.points = ref(points), .params = settings(5), .threads = 2, .extents = {5}};
  input.progress = [&](std::int64_t done, std::int64_t total) {
    EXPECT_EQ(total, 699);
    dones.push_back(done);
  };
  cluster_hdbscan(input);
  EXPECT_EQ(dones, (std::vector<std::int64_t>{256, 512, 699}));
  struct Interrupted {};
  input.progress = [](std::int64_t, std::int64_t) { throw Interrupted(); };
  EXPECT_THROW(cluster_hdbscan(input), Interrupted);
}

TEST(Hdbscan, SettlesMinSamplesAndFindsImpossibleSettings) {
  const MethodSpec spec = hdbscan_method();
  const auto settled = [&](std::int64_t size, std::int64_t samples, std::int64_t count) {
    return spec.settle(spec.complete({{"min_cluster_size", size}, {"min_samples", samples}}), {.count = count, .width = 2, .what = ""});
  };
  EXPECT_EQ(settled(12, 0, 100).at("min_samples"), 12);
  EXPECT_EQ(settled(12, 3, 100).at("min_samples"), 3);
  EXPECT_EQ(settled(12, 0, 10).at("min_samples"), 10);
  const auto problems = [&](std::int64_t size, std::int64_t samples, std::int64_t count) {
    return spec.problems_with(settled(size, samples, count), {.count = count, .width = 2, .what = ""});
  };
  EXPECT_TRUE(problems(10, 0, 10).empty());
  EXPECT_EQ(problems(5, 11, 10).at(0).message, "HDBSCAN with min_samples 11 needs as many images, and there are 10");
  EXPECT_FALSE(problems(5, 11, 10)[0].warning);
  EXPECT_EQ(problems(11, 0, 10).at(0).message, "HDBSCAN finds no cluster of 11 images or more among 10: all of them will be noise");
  EXPECT_TRUE(problems(11, 0, 10)[0].warning);
}
