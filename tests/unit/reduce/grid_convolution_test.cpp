#include "reduce/grid_convolution.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

double kernel(std::int64_t x, std::int64_t y) {
  return 1 / (1 + 0.3 * static_cast<double>(x * x) + 0.1 * static_cast<double>(y * y));
}

// Sums over all pairs of nodes.
MatrixRf brute_force(const MatrixRf& grid) {
  MatrixRf out(grid.rows(), grid.cols());
  for (Eigen::Index x = 0; x < grid.rows(); ++x) {
    for (Eigen::Index y = 0; y < grid.cols(); ++y) {
      double sum = 0;
      for (Eigen::Index u = 0; u < grid.rows(); ++u) {
        for (Eigen::Index v = 0; v < grid.cols(); ++v) sum += kernel(std::abs(x - u), std::abs(y - v)) * grid(u, v);
      }
      out(x, y) = static_cast<float>(sum);
    }
  }
  return out;
}

double no_filter(std::int64_t, std::int64_t) {
  return 1;
}

MatrixRf convolved(GridConvolution& convolution, MatrixRf grid, std::int64_t used, int threads = 1) {
  convolution.convolve(grid.data(), grid.rows(), used, grid.cols(), 0, threads);
  return grid;
}

}  // namespace

TEST(GridConvolution, IsTheSumOverAllPairsOfNodes) {
  GridConvolution convolution(kernel, no_filter);
  for (auto [rows, columns] : {std::pair{1, 1}, {1, 9}, {30, 1}, {16, 16}, {17, 40}, {33, 21}}) {
    const MatrixRf grid = random_points(rows, columns, rows);
    const MatrixRf found = convolved(convolution, grid, columns), expected = brute_force(grid);
    EXPECT_LT((found - expected).norm(), 2e-6 * expected.norm()) << rows << "×" << columns;
  }
}

TEST(GridConvolution, LeavesWhatLiesBeyondTheNodes) {
  GridConvolution convolution(kernel, no_filter);
  const MatrixRf grid = random_points(20, 31, 5);
  const MatrixRf found = convolved(convolution, grid, 25);
  EXPECT_LT((found.leftCols(25) - brute_force(grid.leftCols(25))).norm(), 2e-6 * found.norm());
  EXPECT_EQ(found.rightCols(6), grid.rightCols(6));
}

TEST(GridConvolution, FiltersBothAxesButNotOneOfASingleNode) {
  auto half = [](std::int64_t, std::int64_t) { return 0.5; };
  GridConvolution halved(kernel, half), plain(kernel, no_filter);
  const MatrixRf wide = random_points(12, 12, 1), line = random_points(12, 1, 2);
  EXPECT_LT((4 * convolved(halved, wide, 12) - convolved(plain, wide, 12)).norm(), 1e-5);
  EXPECT_LT((2 * convolved(halved, line, 1) - convolved(plain, line, 1)).norm(), 1e-5);
}

TEST(GridConvolution, BitsDependOnNeitherThreadsNorEarlierCalls) {
  GridConvolution fresh(kernel, no_filter), used(kernel, no_filter);
  const MatrixRf grid = random_points(50, 60, 3), other = random_points(70, 8, 4);
  convolved(used, other, 8, 3);
  const MatrixRf expected = convolved(fresh, grid, 60);
  EXPECT_EQ(convolved(used, grid, 60, 3), expected);
  EXPECT_EQ(convolved(used, grid, 60, 2), expected);
}
