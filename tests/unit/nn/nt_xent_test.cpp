#include "nn/nt_xent.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace latentgrid::nn {
namespace {

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double product = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return product / std::sqrt(aa * bb);
}

// Equation 1 of the paper, for each row, averaged.
double by_definition(const std::vector<std::vector<double>>& rows, double temperature) {
  double sum = 0;
  const std::size_t half = rows.size() / 2;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double others = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (k != i) others += std::exp(cosine(rows[i], rows[k]) / temperature);
    }
    sum -= std::log(std::exp(cosine(rows[i], rows[(i + half) % rows.size()]) / temperature) / others);
  }
  return sum / static_cast<double>(rows.size());
}

std::vector<std::vector<double>> rows_of(const at::Tensor& tensor) {
  std::vector<std::vector<double>> rows;
  for (std::int64_t i = 0; i < tensor.size(0); ++i) {
    const at::Tensor row = tensor[i].detach().contiguous();
    rows.emplace_back(row.data_ptr<double>(), row.data_ptr<double>() + row.numel());
  }
  return rows;
}

at::Tensor projections() {
  torch::manual_seed(1);
  return torch::randn({10, 4}, at::kDouble).requires_grad_();
}

TEST(NtXent, IsItsDefinition) {
  for (double temperature : {0.1, 0.5, 2.0}) {
    EXPECT_NEAR(nt_xent(projections(), temperature).item<double>(), by_definition(rows_of(projections()), temperature), 1e-12);
  }
}

TEST(NtXent, HasTheGradientOfItsFiniteDifferences) {
  const at::Tensor x = projections();
  nt_xent(x, 0.5).backward();
  constexpr double step = 1e-6;
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      auto rows = rows_of(x);
      rows[i][j] += step;
      const double above = by_definition(rows, 0.5);
      rows[i][j] -= 2 * step;
      EXPECT_NEAR(x.grad()[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)].item<double>(), (above - by_definition(rows, 0.5)) / (2 * step), 1e-8);
    }
  }
}

TEST(NtXent, OfOneImageIsNothing) {
  EXPECT_NEAR(nt_xent(torch::tensor({{1.0, 2.0}, {-3.0, 1.0}}, at::kDouble), 0.5).item<double>(), 0, 1e-15);
}

}  // namespace
}  // namespace latentgrid::nn
