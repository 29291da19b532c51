#include "nn/cluster_targets.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace latentgrid::nn {
namespace {

using Rows = std::vector<std::vector<double>>;

Rows rows_of(const at::Tensor& tensor) {
  Rows rows;
  for (std::int64_t i = 0; i < tensor.size(0); ++i) {
    const at::Tensor row = tensor[i].detach().contiguous();
    rows.emplace_back(row.data_ptr<double>(), row.data_ptr<double>() + row.numel());
  }
  return rows;
}

// Equation 1 of the paper, with one degree of freedom.
Rows assignments_by_definition(const Rows& latents, const Rows& centers) {
  Rows q;
  for (const auto& z : latents) {
    double sum = 0;
    std::vector<double> row;
    for (const auto& c : centers) {
      double distance = 0;
      for (std::size_t d = 0; d < z.size(); ++d) distance += (z[d] - c[d]) * (z[d] - c[d]);
      row.push_back(1 / (1 + distance));
      sum += row.back();
    }
    for (double& value : row) value /= sum;
    q.push_back(row);
  }
  return q;
}

// Equation 3.
Rows targets_by_definition(const Rows& q) {
  std::vector<double> f(q[0].size());
  for (const auto& row : q) {
    for (std::size_t j = 0; j < row.size(); ++j) f[j] += row[j];
  }
  Rows p = q;
  for (auto& row : p) {
    double sum = 0;
    for (std::size_t j = 0; j < row.size(); ++j) sum += row[j] = row[j] * row[j] / f[j];
    for (double& value : row) value /= sum;
  }
  return p;
}

double divergence_by_definition(const Rows& p, const Rows& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (std::size_t j = 0; j < p[i].size(); ++j) sum += p[i][j] > 0 ? p[i][j] * std::log(p[i][j] / q[i][j]) : 0;
  }
  return sum / static_cast<double>(p.size());
}

void expect_near(const at::Tensor& tensor, const Rows& rows, double tolerance) {
  const Rows values = rows_of(tensor);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) EXPECT_NEAR(values[i][j], rows[i][j], tolerance) << i << " " << j;
  }
}

at::Tensor latents() {
  torch::manual_seed(1);
  return torch::randn({9, 3}, at::kDouble).requires_grad_();
}

at::Tensor centers() {
  torch::manual_seed(2);
  return torch::randn({4, 3}, at::kDouble).requires_grad_();
}

TEST(ClusterTargets, AreTheirDefinitions) {
  const at::Tensor q = soft_assignments(latents(), centers());
  const Rows expected = assignments_by_definition(rows_of(latents()), rows_of(centers()));
  expect_near(q, expected, 1e-15);
  expect_near(target_distribution(q), targets_by_definition(expected), 1e-15);
  EXPECT_NEAR(cluster_divergence(target_distribution(q), q).item<double>(), divergence_by_definition(targets_by_definition(expected), expected), 1e-14);
  const at::Tensor certain = torch::tensor({{1.0, 0.0}}, at::kDouble), half = torch::tensor({{0.5, 0.5}}, at::kDouble);
  EXPECT_NEAR(cluster_divergence(certain, half).item<double>(), std::log(2.0), 1e-15);  // 0 log 0 is 0
}

TEST(ClusterTargets, DivergenceHasTheGradientOfItsFiniteDifferences) {
  const at::Tensor z = latents(), c = centers();
  const at::Tensor p = target_distribution(soft_assignments(z, c)).detach();
  cluster_divergence(p, soft_assignments(z, c)).backward();
  constexpr double step = 1e-6;
  const auto loss = [&](const Rows& points, const Rows& middles) { return divergence_by_definition(rows_of(p), assignments_by_definition(points, middles)); };
  const auto check = [&](const at::Tensor& moved, bool of_centers) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(moved.size(0)); ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        Rows points = rows_of(z), middles = rows_of(c);
        double& value = of_centers ? middles[i][j] : points[i][j];
        value += step;
        const double above = loss(points, middles);
        value -= 2 * step;
        const double slope = (above - loss(points, middles)) / (2 * step);
        EXPECT_NEAR(moved.grad()[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)].item<double>(), slope, 1e-9);
      }
    }
  };
  check(z, false);
  check(c, true);
}

// The clusters of an update are the columns of the largest q.
at::Tensor certain(const std::vector<std::int64_t>& clusters) {
  const at::Tensor places = torch::tensor(clusters, at::kLong);
  return torch::nn::functional::one_hot(places, 2).to(at::kFloat) * 0.8 + 0.1;
}

TEST(ClusterTargets, ConvergeWhenFewEnoughChange) {
  ClusterTargets targets(4, 2, 3);
  targets->update(certain({0, 0, 1, 1}), 0.25);
  EXPECT_EQ(targets->share_changed(), 1);  // none had a cluster before
  EXPECT_FALSE(targets->converged());
  targets->update(certain({1, 1, 1, 1}), 0.25);
  EXPECT_EQ(targets->share_changed(), 0.5);
  EXPECT_FALSE(targets->converged());
  targets->update(certain({1, 1, 1, 0}), 0.25);
  EXPECT_EQ(targets->share_changed(), 0.25);
  EXPECT_TRUE(targets->converged());
  EXPECT_EQ(targets->updates(), 3);
}

}  // namespace
}  // namespace latentgrid::nn
