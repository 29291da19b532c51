#include "cluster/kmeans.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

// Numbers clusters in the order of their first point, so that equal partitions compare equal.
std::vector<std::int32_t> renumbered(const std::vector<std::int32_t>& clusters) {
  std::map<std::int32_t, std::int32_t> numbers;
  std::vector<std::int32_t> out;
  for (std::int32_t cluster : clusters) {
    out.push_back(numbers.emplace(cluster, static_cast<std::int32_t>(numbers.size())).first->second);
  }
  return out;
}

void expect_equal(const KmeansResult& a, const KmeansResult& b) {
  EXPECT_EQ(a.clusters, b.clusters);
  EXPECT_EQ(a.centers, b.centers);
  EXPECT_EQ(a.inertia, b.inertia);
  EXPECT_EQ(a.iterations, b.iterations);
  EXPECT_EQ(a.start, b.start);
}

}  // namespace

TEST(Kmeans, FindsTheClustersOfScikitLearnInSeparatedData) {
  const Json answer = sklearn_answer("kmeans");
  const MatrixRf points = matrix_of(answer.at("points"));
  for (std::int64_t seed : {0, 1, 2}) {
    const KmeansResult found = kmeans(ref(points), {.k = 4, .seed = seed});
    EXPECT_EQ(renumbered(found.clusters), renumbered(answer.at("labels").get<std::vector<std::int32_t>>()));
    EXPECT_NEAR(found.inertia, answer.at("inertia").get<double>(), 1e-5 * found.inertia);
  }
}

TEST(Kmeans, ManyStartsReachTheInertiaOfScikitLearn) {
  const Json answer = sklearn_answer("kmeans");
  const MatrixRf points = matrix_of(answer.at("overlapping"));
  const KmeansResult found = kmeans(ref(points), {.k = 5, .n_init = 200});
  EXPECT_LT(found.inertia, answer.at("overlapping_inertia_k5_n_init_200").get<double>() * (1 + 1e-4));
}

TEST(Kmeans, ResultsBelongTogether) {
  const MatrixRf points = random_points(300, 5, 1);
  const KmeansResult found = kmeans(ref(points), {.k = 7, .n_init = 3});
  double inertia = 0;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    Eigen::Index nearest;
    inertia += (found.centers.rowwise() - points.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
    EXPECT_EQ(nearest, found.clusters[i]);
  }
  EXPECT_NEAR(found.inertia, inertia, 1e-5 * inertia);
}

TEST(Kmeans, DoesNotDependOnThreadsOrInstructionSet) {
  const MatrixRf points = random_points(1000, 21, 2);
  KmeansOptions options{.k = 9, .n_init = 2, .seed = 5};
  const KmeansResult one = kmeans(ref(points), options);
  for_each_simd_target([&](const std::string&) { expect_equal(kmeans(ref(points), options), one); });
  for (int threads : {2, 3}) {
    options.threads = threads;
    expect_equal(kmeans(ref(points), options), one);
  }
}

TEST(Kmeans, KeepsTheFirstStartOfLeastInertia) {
  const MatrixRf points = random_points(400, 2, 3);
  const KmeansResult best = kmeans(ref(points), {.k = 14, .n_init = 8, .seed = 1});
  ASSERT_GT(best.start, 0) << "choose other points: the first start is the best one";
  const KmeansResult fewer = kmeans(ref(points), {.k = 14, .n_init = best.start, .seed = 1});
  EXPECT_GT(fewer.inertia, best.inertia);
  expect_equal(kmeans(ref(points), {.k = 14, .n_init = best.start + 1, .seed = 1}), best);
}

TEST(Kmeans, NoClusterStaysEmptyWhereThereAreEnoughDistinctPoints) {
  // Far more copies of one point than of the others: k-means++ may choose it twice.
  MatrixRf points = MatrixRf::Zero(60, 2);
  for (Eigen::Index i = 50; i < 60; ++i) points.row(i) << static_cast<float>(i), 1.0f;
  for (std::int64_t seed = 0; seed < 20; ++seed) {
    const KmeansResult found = kmeans(ref(points), {.k = 11, .n_init = 1, .seed = seed});
    EXPECT_EQ(renumbered(found.clusters).back(), 10) << seed;
    EXPECT_EQ(found.inertia, 0) << seed;
  }
}

TEST(Kmeans, MorePointsAskedForThanDistinctOnesStillEnds) {
  const KmeansResult found = kmeans(ref(MatrixRf::Ones(10, 3)), {.k = 4});
  EXPECT_EQ(found.inertia, 0);
}

TEST(Kmeans, OneClusterIsTheMean) {
  const MatrixRf points = random_points(50, 3, 4);
  const KmeansResult found = kmeans(ref(points), {.k = 1});
  EXPECT_LT((found.centers.row(0) - points.colwise().mean()).norm(), 1e-5);
}

TEST(Kmeans, SaysWhatIsWrong) {
  auto message = [](const MatrixRf& points, std::int64_t k) -> std::string {
    try {
      kmeans(ref(points), {.k = k});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(MatrixRf::Ones(3, 2), 4), "k-means: 4 clusters of 3 points: ask for 1 to 3");
  MatrixRf broken = MatrixRf::Ones(3, 2);
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message(broken, 2), "k-means: a coordinate is not finite");
}
