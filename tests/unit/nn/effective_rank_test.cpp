#include "nn/effective_rank.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

namespace latentgrid::nn {
namespace {

TEST(EffectiveRank, CountsDirectionsThatAreUsedEqually) {
  EXPECT_NEAR(effective_rank(torch::eye(5)), 5, 1e-12);
  EXPECT_NEAR(effective_rank(torch::eye(5).narrow(1, 0, 3) * 7), 3, 1e-12);
  EXPECT_NEAR(effective_rank(torch::ones({6, 4})), 1, 1e-6);
  EXPECT_EQ(effective_rank(torch::zeros({6, 4})), 0);
}

// Of singular values 3, 2 and 1: their shares are 1/2, 1/3 and 1/6.
TEST(EffectiveRank, IsTheExponentialOfAnEntropy) {
  const double expected = std::exp(std::log(2.0) / 2 + std::log(3.0) / 3 + std::log(6.0) / 6);
  const at::Tensor diagonal = torch::diag(torch::tensor({3.0, 2.0, 1.0}, at::kDouble));
  EXPECT_NEAR(effective_rank(diagonal), expected, 1e-12);
  EXPECT_NEAR(effective_rank(torch::cat({diagonal, torch::zeros({4, 3}, at::kDouble)})), expected, 1e-12) << "of rows that are 0 too";
  EXPECT_NEAR(effective_rank(diagonal * 1e-3), expected, 1e-9) << "whatever the scale";
}

// s = numpy.linalg.svd(numpy.array([[1, 2, 3, 4], [2, 0, -1, 5], [0, 3, 1, -2], [4, 4, 0, 1], [-1, 2, 2, 2]]), compute_uv=False)
// p = s / s.sum(); numpy.exp(-(p * numpy.log(p)).sum())
TEST(EffectiveRank, IsNumPys) {
  const at::Tensor rows = torch::tensor({{1., 2., 3., 4.}, {2., 0., -1., 5.}, {0., 3., 1., -2.}, {4., 4., 0., 1.}, {-1., 2., 2., 2.}});
  EXPECT_NEAR(effective_rank(rows), 3.410565289718, 1e-9);
  EXPECT_NEAR(effective_rank(rows.t()), 3.410565289718, 1e-9);
  EXPECT_NEAR(effective_rank(rows.to(torch::kFloat)), 3.410565289718, 1e-6);
}

TEST(EffectiveRank, OfWhatIsNotFiniteIsNotANumber) {
  at::Tensor rows = torch::ones({3, 2});
  rows[1][1] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(effective_rank(rows)));
}

}  // namespace
}  // namespace latentgrid::nn
