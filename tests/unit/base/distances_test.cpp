#include "base/distances.hpp"

#include <gtest/gtest.h>

#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using latentgrid::testing::for_each_simd_target;
using latentgrid::testing::random_points;
using latentgrid::testing::ref;

namespace {

std::vector<float> all_distances(const MatrixRf& points) {
  const DistanceRows rows(ref(points));
  std::vector<float> out(points.rows() * points.rows());
  squared_distances(rows, 0, points.rows(), rows, 0, points.rows(), out.data(), points.rows());
  return out;
}

}  // namespace

TEST(Distances, AreSquaredDifferencesForEveryNumberOfColumns) {
  for (std::int64_t columns : {1, 2, 7, 8, 9, 33}) {
    const MatrixRf points = random_points(13, columns, columns);
    const std::vector<float> distances = all_distances(points);
    for (Eigen::Index i = 0; i < 13; ++i) {
      for (Eigen::Index j = 0; j < 13; ++j) {
        const double expected = (points.row(i) - points.row(j)).cast<double>().squaredNorm();
        EXPECT_NEAR(distances[i * 13 + j], expected, 1e-5 * expected) << columns << " columns, " << i << ", " << j;
      }
    }
  }
}

TEST(Distances, AreExactlySymmetricAndZeroOfEqualRows) {
  MatrixRf points = random_points(21, 19, 1, 1e3);
  points.row(20) = points.row(3);
  const std::vector<float> distances = all_distances(points);
  for (int i = 0; i < 21; ++i) {
    EXPECT_EQ(distances[i * 21 + i], 0);
    for (int j = 0; j < i; ++j) EXPECT_EQ(distances[i * 21 + j], distances[j * 21 + i]);
  }
  EXPECT_EQ(distances[20 * 21 + 3], 0);
}

TEST(Distances, DoNotDependOnTheBlock) {
  const MatrixRf points = random_points(23, 40, 2);
  const std::vector<float> whole = all_distances(points);
  const DistanceRows rows(ref(points));
  for (std::int64_t i = 0; i < 23; ++i) {
    float one = -1;
    squared_distances(rows, i, i + 1, rows, 22 - i, 23 - i, &one, 1);
    EXPECT_EQ(one, whole[i * 23 + 22 - i]);
  }
}

TEST(Distances, AreTheSameBitsForEveryInstructionSet) {
  const MatrixRf points = random_points(17, 50, 3);
  const std::vector<float> expected = all_distances(points);
  for_each_simd_target([&](const std::string& target) { EXPECT_EQ(all_distances(points), expected) << target; });
}
