#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "cluster/clustering.hpp"
#include "cluster/lance_williams.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/single_tree.hpp"
#include "cluster/ward_tree.hpp"
#include "formula_points.hpp"
#include "methods/method.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
std::vector<ClusteringResult> cluster_agglomerative(const ClusteringInput& input);
MethodSpec agglomerative_method();
}  // namespace latentgrid

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const std::vector<std::string> linkages = {"ward", "average", "complete", "single"};

LinkageTree tree_of(const MatrixRf& points, const std::string& linkage, int threads = 1, const TreeProgress& progress = {}) {
  if (linkage == "ward") return ward_tree(ref(points), threads, Services::own(), progress);
  if (linkage == "single") return single_tree(ref(points), threads, progress);
  return lance_williams_tree(ref(points), linkage == "average" ? Linkage::average : Linkage::complete, threads, progress);
}

void expect_equal(const LinkageTree& a, const LinkageTree& b) {
  ASSERT_EQ(a.merges.size(), b.merges.size());
  for (std::size_t i = 0; i < a.merges.size(); ++i) {
    EXPECT_EQ(a.merges[i].left, b.merges[i].left) << i;
    EXPECT_EQ(a.merges[i].right, b.merges[i].right) << i;
    EXPECT_EQ(a.merges[i].height, b.merges[i].height) << i;
  }
}

// Each merge makes a node of two that were there and had no parent yet, and heights never fall.
void expect_sound(const LinkageTree& tree, std::int64_t points) {
  ASSERT_EQ(static_cast<std::int64_t>(tree.merges.size()), points - 1);
  std::set<std::int32_t> merged;
  for (std::size_t i = 0; i < tree.merges.size(); ++i) {
    const Merge& merge = tree.merges[i];
    EXPECT_LT(merge.left, merge.right);
    EXPECT_LT(merge.right, static_cast<std::int32_t>(points + static_cast<std::int64_t>(i)));
    EXPECT_TRUE(merged.insert(merge.left).second && merged.insert(merge.right).second);
    EXPECT_TRUE(std::isfinite(merge.height) && merge.height >= 0);
    EXPECT_GE(merge.height, i > 0 ? tree.merges[i - 1].height : 0);
  }
  EXPECT_TRUE(points == 1 || tree.merges.back().size == points);
}

std::vector<ClusteringResult> cluster(const MatrixRf& points, const std::string& linkage, std::vector<std::int64_t> ks) {
  return cluster_agglomerative({.points = ref(points), .params = {{"linkage", linkage}}, .threads = 2, .extents = std::move(ks)});
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Heights of Ward's hierarchy by its definition: the pair of clusters whose merge adds least, each time among all pairs.
std::vector<double> ward_heights(const MatrixRf& points) {
  struct Cluster {
    Eigen::RowVectorXd center;
    double size;
  };
  std::vector<Cluster> clusters;
  for (Eigen::Index i = 0; i < points.rows(); ++i) clusters.push_back({points.row(i).cast<double>(), 1});
  std::vector<double> heights;
  while (clusters.size() > 1) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t first = 0, second = 0;
    for (std::size_t a = 0; a < clusters.size(); ++a) {
      for (std::size_t b = a + 1; b < clusters.size(); ++b) {
        const double factor = 2 * clusters[a].size * clusters[b].size / (clusters[a].size + clusters[b].size);
        const double square = factor * (clusters[a].center - clusters[b].center).squaredNorm();
        if (square < least) least = square, first = a, second = b;
      }
    }
    const double size = clusters[first].size + clusters[second].size;
    clusters[first] = {(clusters[first].size * clusters[first].center + clusters[second].size * clusters[second].center) / size, size};
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(second));
    heights.push_back(std::sqrt(least));
  }
  return heights;
}

}  // namespace

TEST(Agglomerative, FindsWhatScikitLearnFinds) {
  const Json answers = cluster_reference("agglomerative_reference.json");
  for (const auto& [name, points] : reference_points()) {
    for (const std::string& linkage : linkages) {
      SCOPED_TRACE(name + " " + linkage);
      const Json& answer = answers.at(name + " " + linkage);
      const LinkageTree tree = tree_of(points, linkage);
      expect_sound(tree, points.rows());
      double sum = 0;
      for (const Merge& merge : tree.merges) sum += merge.height;
      EXPECT_NEAR(sum, answer.at("sum").get<double>(), 1e-9 * sum);
      const auto heights = answer.at("heights").get<std::vector<double>>();
      for (std::size_t i = 0; i < heights.size(); ++i) {
        const double height = tree.merges[tree.merges.size() - heights.size() + i].height;
        EXPECT_NEAR(height, heights[i], 1e-9 * heights[i]);
      }
      for (const auto& [k, clusters] : answer.at("clusters").items()) EXPECT_EQ(letters(cut(tree, std::stoll(k))), clusters) << k;
    }
  }
}

TEST(Agglomerative, WardMergesThePairThatAddsLeast) {
  for (const auto& [rows, width, spread] : {std::tuple(150, 2, 0.0), std::tuple(150, 3, 5.0), std::tuple(90, 40, 0.0), std::tuple(17, 5, 1.0)}) {
    const MatrixRf points = random_groups(rows, width, 4, spread, rows + width);
    const std::vector<double> expected = ward_heights(points);
    const LinkageTree tree = tree_of(points, "ward");
    ASSERT_EQ(tree.merges.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(tree.merges[i].height, expected[i], 1e-9 * expected[i]);
  }
}

TEST(Agglomerative, DoesNotDependOnThreadsOrInstructionSet) {
  MatrixRf grid(900, 2);  // almost all distances are equal to others
  for (Eigen::Index i = 0; i < 900; ++i) grid.row(i) << static_cast<float>(i / 30), static_cast<float>(i % 30);
  for (const MatrixRf& points : {random_points(1301, 7, 2), random_points(1200, 300, 1), grid}) {
    for (const std::string& linkage : linkages) {
      SCOPED_TRACE(linkage);
      const LinkageTree one = tree_of(points, linkage);
      expect_sound(one, points.rows());
      for_each_simd_target([&](const std::string& target) {
        SCOPED_TRACE(target);
        expect_equal(tree_of(points, linkage), one);
      });
      for (const int threads : {2, 3}) expect_equal(tree_of(points, linkage, threads), one);
    }
  }
}

TEST(Agglomerative, DegeneratePointsHaveSoundTrees) {
  MatrixRf two_distinct = MatrixRf::Zero(40, 2);
  two_distinct.topRows(20).setConstant(3);
  MatrixRf star = random_points(300, 8, 3);  // all are nearer to the first than to one another
  star.rowwise().normalize();
  star.row(0).setZero();
  for (const std::string& linkage : linkages) {
    SCOPED_TRACE(linkage);
    for (const MatrixRf& points : {MatrixRf(MatrixRf::Ones(200, 3)), two_distinct, star, MatrixRf(MatrixRf::Identity(60, 60)), random_points(1, 2, 1),
                                   random_points(2, 2, 1), random_points(3, 1, 1), random_points(20, 30, 1), random_points(50, 2, 1, 1e18),
                                   random_points(50, 2, 1, 1e30), random_points(50, 2, 1, 1e-22)}) {
      expect_sound(tree_of(points, linkage), points.rows());
    }
    const auto found = cluster(two_distinct, linkage, {1, 2, 40});
    EXPECT_EQ(letters(found[0].clusters), std::string(40, 'A'));
    EXPECT_EQ(letters(found[1].clusters), std::string(20, 'A') + std::string(20, 'B'));
    EXPECT_EQ(found[2].clusters.back(), 39) << "every point a cluster";
  }
}

TEST(Agglomerative, OneTreeServesEveryK) {
  const MatrixRf points = random_groups(200, 3, 4, 10, 5);
  for (const std::string& linkage : linkages) {
    std::vector<std::int64_t> ks;
    for (std::int64_t k = 1; k <= 20; ++k) ks.push_back(k);
    const auto all = cluster(points, linkage, ks);
    for (const std::int64_t k : ks) {
      const auto one = cluster(points, linkage, {k});
      EXPECT_EQ(one.at(0).clusters, all[static_cast<std::size_t>(k - 1)].clusters);
      EXPECT_EQ(std::set(one[0].clusters.begin(), one[0].clusters.end()).size(), static_cast<std::size_t>(k));
      EXPECT_EQ(one[0].record, (Json{{"method", "agglomerative"}, {"linkage", linkage}, {"k", k}}));
    }
  }
}

TEST(Agglomerative, AutoCutsInTheLargestGap) {
  const LinkageTree tree = linkage_tree(5, {{0, 1, 1.0}, {1, 2, 1.5}, {3, 4, 4.0}, {0, 4, 5.0}});
  EXPECT_EQ(largest_gap(tree, 5).k, 3);  // 4 - 1.5
  EXPECT_EQ(largest_gap(tree, 5).gap, 2.5);
  EXPECT_EQ(largest_gap(tree, 2).k, 2) << "no more than it may be";
  EXPECT_EQ(letters(cut(tree, 3)), "AAABC");
  EXPECT_EQ(largest_gap(linkage_tree(3, {{0, 1, 0.0}, {1, 2, 0.0}}), 3).k, 1) << "equal points have no gap";
  EXPECT_EQ(largest_gap(linkage_tree(3, {{0, 1, 1.0}, {1, 2, 2.0}}), 3).k, 2) << "of equal gaps the fewest clusters";
  EXPECT_EQ(largest_gap(linkage_tree(1, {}), 3).k, 1);
  MatrixRf four = random_points(300, 4, 8);  // groups, each as far from every other
  for (Eigen::Index i = 0; i < four.rows(); ++i) four(i, i % 4) += 40;
  for (const std::string& linkage : linkages) {
    const auto found = cluster(four, linkage, {0, 3});
    EXPECT_EQ(found[0].record.at("k"), 4) << linkage;
    EXPECT_GT(found[0].record.at("gap"), 0) << linkage;
    EXPECT_EQ(letters(found[0].clusters).substr(0, 8), "ABCDABCD") << linkage;
    EXPECT_EQ(cluster(MatrixRf::Ones(30, 2), linkage, {0})[0].record.at("k"), 1) << linkage;
  }
}

TEST(Agglomerative, SaysWhatIsWrong) {
  MatrixRf broken = MatrixRf::Ones(3, 2);
  EXPECT_EQ(message_of([&] { cluster(broken, "ward", {2, 4}); }), "agglomerative clustering: 4 clusters of 3 points: ask for 1 to 3");
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  for (const std::string& linkage : linkages) {
    EXPECT_NE(message_of([&] { tree_of(broken, linkage); }).find("a coordinate is not finite"), std::string::npos);
  }
}

TEST(Agglomerative, TellsItsProgressAndCanBeInterrupted) {
  const MatrixRf points = random_points(700, 3, 1);
  struct Interrupted {};
  for (const std::string& linkage : linkages) {
    std::vector<std::int64_t> dones;
    tree_of(points, linkage, 2, [&](std::int64_t done, std::int64_t total) {
      EXPECT_EQ(total, 699);
      dones.push_back(done);
    });
    EXPECT_TRUE(std::is_sorted(dones.begin(), dones.end()));
    EXPECT_GT(dones.size(), 2);
    EXPECT_EQ(dones.back(), 699);
    EXPECT_THROW(tree_of(points, linkage, 2, [](std::int64_t, std::int64_t) { throw Interrupted(); }), Interrupted);
  }
}

TEST(Agglomerative, FindsImpossibleSettings) {
  const MethodSpec spec = agglomerative_method();
  const auto problems = [&](std::int64_t k, const std::string& linkage, std::int64_t count) {
    return spec.problems_with({{"k", k}, {"linkage", linkage}}, {.count = count, .width = 32, .what = ""});
  };
  EXPECT_TRUE(problems(10, "ward", 10).empty());
  EXPECT_EQ(problems(11, "ward", 10).at(0).message, "agglomerative clustering cannot make 11 clusters of 10 images");
  EXPECT_EQ(problems(11, "ward", 10).at(0).possible, 10);
  EXPECT_TRUE(problems(0, "average", 46'341).empty());
  const auto too_large = problems(2, "average", 60'000);
  EXPECT_EQ(too_large.at(0).message,
            "agglomerative clustering with average linkage keeps the distance of every pair of images: 13.4 GiB for 60000 images, "
            "more than the 8 GiB that it may take");
  EXPECT_EQ(too_large[0].hint, "write linkage: ward or single, which need little memory, or choose at most 46341 images");
  EXPECT_EQ(problems(2, "complete", 46'342).at(0).parameter, "linkage");
  EXPECT_TRUE(problems(2, "ward", 60'000).empty() && problems(2, "single", 60'000).empty());
}
