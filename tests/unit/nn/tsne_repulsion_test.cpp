#include "nn/tsne_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "support/random_points.hpp"

namespace latentgrid::nn {
namespace {

// By the definition, in float64.
Repulsion by_definition(const MatrixRf& y) {
  const double freedom = static_cast<double>(std::max<std::int64_t>(y.cols() - 1, 1));
  Repulsion out{std::vector<double>(static_cast<std::size_t>(y.size()), 0.0), 0};
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    for (Eigen::Index j = 0; j < y.rows(); ++j) {
      if (i == j) continue;
      const Eigen::RowVectorXd difference = (y.row(i).cast<double>() - y.row(j).cast<double>());
      const double s = 1 / (1 + difference.squaredNorm() / freedom);
      const double w = std::pow(s, (freedom + 1) / 2);
      out.normalizer += w;
      for (Eigen::Index k = 0; k < y.cols(); ++k) {
        out.forces[static_cast<std::size_t>(i * y.cols() + k)] += w * s * difference(k);
      }
    }
  }
  return out;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double largest(const std::vector<double>& values) {
  return largest_difference(values, std::vector<double>(values.size(), 0.0));
}

class TorchRepulsionTest : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(TorchRepulsionTest, IsTheSumOfTheDefinition) {
  for (const float spread : {1e-4f, 1.0f, 20.0f}) {
    const MatrixRf y = spread * testing::random_points(300, GetParam(), 7);
    const Repulsion expected = by_definition(y), got = tsne_repulsion(y, "cpu");
    EXPECT_NEAR(got.normalizer, expected.normalizer, 1e-6 * expected.normalizer) << spread;
    ASSERT_EQ(got.forces.size(), expected.forces.size());
    EXPECT_LT(largest_difference(got.forces, expected.forces), 2e-5 * largest(expected.forces)) << spread;
  }
}

TEST_P(TorchRepulsionTest, AgreesWithOurOwnKernel) {
  const MatrixRf y = 5 * testing::random_points(1100, GetParam(), 8);
  const Repulsion ours = latentgrid::tsne_repulsion(y, 1), got = tsne_repulsion(y, "cpu");
  EXPECT_NEAR(got.normalizer, ours.normalizer, 1e-6 * ours.normalizer);
  EXPECT_LT(largest_difference(got.forces, ours.forces), 2e-5 * largest(ours.forces));
}

INSTANTIATE_TEST_SUITE_P(Dimensions, TorchRepulsionTest, ::testing::Values(1, 2, 3, 8, 15));

TEST(TorchRepulsion, OfADeviceThatIsNotThereIsAnError) {
  EXPECT_THROW(tsne_repulsion(testing::random_points(10, 2, 9), "cuda:99"), Error);
}

}  // namespace
}  // namespace latentgrid::nn
