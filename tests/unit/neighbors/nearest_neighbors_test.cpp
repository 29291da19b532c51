#include "neighbors/nearest_neighbors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

void expect_equal(const Neighbors& a, const Neighbors& b) {
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.k, b.k);
  EXPECT_EQ(a.indices, b.indices);
  EXPECT_EQ(a.distances, b.distances);
}

// Sorts all distances.
Neighbors brute_force(const MatrixRf& points, std::int64_t k) {
  const std::int64_t n = points.rows();
  const DistanceRows rows(ref(points));
  Neighbors out{.count = n, .k = k};
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<float> distances(n);
    squared_distances(rows, i, i + 1, rows, 0, n, distances.data(), n);
    std::vector<std::int32_t> order;
    for (std::int32_t j = 0; j < n; ++j) {
      if (j != i) order.push_back(j);
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return distances[a] < distances[b]; });
    for (std::int64_t m = 0; m < k; ++m) {
      out.indices.push_back(order[m]);
      out.distances.push_back(distances[order[m]]);
    }
  }
  return out;
}

}  // namespace

TEST(NearestNeighbors, AreThoseOfBruteForceBitForBit) {
  for (auto [count, columns, k] : {std::array{700, 50, 91}, {1100, 3, 1}, {513, 200, 512}, {90, 1, 20}}) {
    const MatrixRf points = random_points(count, columns, count);
    for (int threads : {1, 2}) expect_equal(nearest_neighbors(ref(points), k, threads), brute_force(points, k));
  }
}

// Bounds from products of norms tell little apart, or nothing, or aren't numbers.
TEST(NearestNeighbors, AreThoseOfBruteForceWhereBoundsAreLoose) {
  const MatrixRf points = random_points(600, 17, 4);
  MatrixRf far_from_each_other = points, one_outlier = points, clusters = points, in_threes = points;
  far_from_each_other *= 3e19f;
  one_outlier.row(5).setConstant(1e18f);
  for (Eigen::Index i = 0; i < 600; ++i) {
    clusters.row(i) = points.row(i) * 1e-4f + MatrixRf::Constant(1, 17, i % 2 ? 1000.0f : -1000.0f);
    in_threes.row(i) = points.row(i / 3);
  }
  const MatrixRf tiny = points * 1e-25f;
  for (const MatrixRf& variant : {far_from_each_other, one_outlier, clusters, in_threes, tiny}) {
    expect_equal(nearest_neighbors(ref(variant), 40, 2), brute_force(variant, 40));
  }
}

TEST(NearestNeighbors, AreThoseOfScikitLearn) {
  const Json answer = sklearn_answer("neighbors");
  const MatrixRf points = matrix_of(answer.at("points"));
  const Neighbors found = nearest_neighbors(ref(points), answer.at("k"), 1);
  for (std::int64_t i = 0; i < found.count; ++i) {
    for (std::int64_t m = 0; m < found.k; ++m) {
      EXPECT_EQ(found.indices[i * found.k + m], answer.at("indices")[i][m].get<std::int32_t>());
      const double expected = answer.at("squared_distances")[i][m];
      EXPECT_NEAR(found.distances[i * found.k + m], expected, 1e-5 * expected);
    }
  }
}

TEST(NearestNeighbors, FewerAreAPrefixOfMoreBitForBit) {
  const MatrixRf points = random_points(150, 20, 1);
  const Neighbors many = nearest_neighbors(ref(points), 40, 1);
  for (std::int64_t k : {1, 2, 39, 40}) expect_equal(nearest_neighbors(ref(points), k, 1), many.first(k));
}

TEST(NearestNeighbors, DoNotDependOnThreadsOrInstructionSet) {
  const MatrixRf points = random_points(300, 13, 2);
  const Neighbors expected = nearest_neighbors(ref(points), 30, 1);
  for (int threads : {2, 3}) expect_equal(nearest_neighbors(ref(points), 30, threads), expected);
  for_each_simd_target([&](const std::string&) { expect_equal(nearest_neighbors(ref(points), 30, 1), expected); });
}

TEST(NearestNeighbors, TiesComeInTheOrderOfIndicesAndNeverThePointItself) {
  const MatrixRf points = MatrixRf::Zero(200, 3);
  for (int threads : {1, 3}) {
    const Neighbors found = nearest_neighbors(ref(points), 4, threads);
    for (std::int32_t i = 0; i < 200; ++i) {
      std::vector<std::int32_t> expected;
      for (std::int32_t j = 0; expected.size() < 4; ++j) {
        if (j != i) expected.push_back(j);
      }
      EXPECT_EQ(std::vector(&found.indices[i * 4], &found.indices[i * 4] + 4), expected);
    }
  }
}

TEST(NearestNeighbors, SayWhatIsWrong) {
  MatrixRf points = random_points(5, 2, 3);
  auto message = [&](std::int64_t k) -> std::string {
    try {
      nearest_neighbors(ref(points), k, 1);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(4), "");
  EXPECT_EQ(message(5), "5 neighbors of each of 5 points: ask for 1 to 4");
  points(2, 1) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message(2), "nearest neighbors: a coordinate is not finite");
}
