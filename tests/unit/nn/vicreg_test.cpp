#include "nn/vicreg.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace latentgrid::nn {
namespace {

constexpr VicregWeights weights = {.invariance = 3, .variance = 5, .covariance = 7};

at::Tensor view(std::uint64_t seed, double scale) {
  torch::manual_seed(seed);
  return torch::randn({6, 4}, at::kDouble) * scale;
}

double value(const at::Tensor& tensor, std::int64_t row, std::int64_t column) { return tensor[row][column].item<double>(); }

double covariance(const at::Tensor& z, std::int64_t i, std::int64_t j) {
  const std::int64_t n = z.size(0);
  double mean_i = 0, mean_j = 0, sum = 0;
  for (std::int64_t row = 0; row < n; ++row) {
    mean_i += value(z, row, i) / static_cast<double>(n);
    mean_j += value(z, row, j) / static_cast<double>(n);
  }
  for (std::int64_t row = 0; row < n; ++row) sum += (value(z, row, i) - mean_i) * (value(z, row, j) - mean_j);
  return sum / static_cast<double>(n - 1);
}

// Algorithm 1 of the paper, entry by entry.
double by_definition(const at::Tensor& first, const at::Tensor& second) {
  const std::int64_t n = first.size(0), dim = first.size(1);
  double invariance = 0, variance = 0, covariances = 0;
  for (std::int64_t row = 0; row < n; ++row) {
    for (std::int64_t i = 0; i < dim; ++i) invariance += std::pow(value(first, row, i) - value(second, row, i), 2);
  }
  for (const at::Tensor& z : {first, second}) {
    for (std::int64_t i = 0; i < dim; ++i) {
      variance += std::max(0.0, 1 - std::sqrt(covariance(z, i, i) + 1e-4));
      for (std::int64_t j = 0; j < dim; ++j) covariances += i == j ? 0 : std::pow(covariance(z, i, j), 2);
    }
  }
  return weights.invariance * invariance / static_cast<double>(n * dim) + (weights.variance * variance + weights.covariance * covariances) / static_cast<double>(dim);
}

TEST(VicregLoss, IsItsDefinition) {
  for (double scale : {0.3, 1.0, 3.0}) {
    const at::Tensor first = view(1, scale), second = view(2, scale);
    EXPECT_NEAR(vicreg_loss(first, second, weights).item<double>(), by_definition(first, second), 1e-10) << scale;
  }
}

TEST(VicregLoss, HasTheGradientOfItsFiniteDifferences) {
  const at::Tensor first = view(1, 0.5).requires_grad_(), second = view(2, 0.5).requires_grad_();
  vicreg_loss(first, second, weights).backward();
  constexpr double step = 1e-6;
  for (std::int64_t i = 0; i < first.numel(); ++i) {
    at::Tensor change = at::zeros({first.numel()}, at::kDouble);
    change[i] = step;
    change = change.view_as(first);
    const at::Tensor a = first.detach(), b = second.detach();
    EXPECT_NEAR(first.grad().flatten()[i].item<double>(), (by_definition(a + change, b) - by_definition(a - change, b)) / (2 * step), 1e-7) << i;
    EXPECT_NEAR(second.grad().flatten()[i].item<double>(), (by_definition(a, b + change) - by_definition(a, b - change)) / (2 * step), 1e-7) << i;
  }
}

// Nothing can be said of the variance of one image: it pulls nowhere.
TEST(VicregLoss, OfOneImageIsFinite) {
  const at::Tensor one = torch::tensor({{1.0, 2.0, -1.0}}, at::kFloat).requires_grad_();
  const at::Tensor found = vicreg_loss(one, one, {});
  found.backward();
  EXPECT_NEAR(found.item<double>(), 2 * 25 * 0.99, 1e-4);
  EXPECT_EQ(one.grad().abs().max().item<double>(), 0);
}

TEST(VicregLoss, OfSpreadAndUncorrelatedViewsThatAgreeIsNothing) {
  const at::Tensor corners = torch::tensor({{1.0, 1.0}, {1.0, -1.0}, {-1.0, 1.0}, {-1.0, -1.0}}, at::kDouble);
  EXPECT_NEAR(vicreg_loss(corners, corners, {}).item<double>(), 0, 1e-12);
}

}  // namespace
}  // namespace latentgrid::nn
