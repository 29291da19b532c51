#include "nn/mutual_information.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace latentgrid::nn {
namespace {

constexpr std::int64_t images = 7, heads = 3, clusters = 4;

at::Tensor logits(std::uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({images, heads, clusters}, at::kDouble);
}

// Equations 2 and 3 of the paper for one head, from the logits of two views.
double by_definition(const at::Tensor& first, const at::Tensor& second, std::int64_t head) {
  const auto probability = [&](const at::Tensor& of, std::int64_t image, std::int64_t cluster) {
    double sum = 0;
    for (std::int64_t c = 0; c < clusters; ++c) sum += std::exp(of[image][head][c].item<double>());
    return std::exp(of[image][head][cluster].item<double>()) / sum;
  };
  std::vector<std::vector<double>> joint(clusters, std::vector<double>(clusters));
  std::vector<double> marginal(clusters);
  for (std::int64_t i = 0; i < clusters; ++i) {
    for (std::int64_t j = 0; j < clusters; ++j) {
      for (std::int64_t image = 0; image < images; ++image) {
        joint[i][j] += (probability(first, image, i) * probability(second, image, j) + probability(first, image, j) * probability(second, image, i)) / (2 * images);
      }
      marginal[i] += joint[i][j];
    }
  }
  double information = 0;
  for (std::int64_t i = 0; i < clusters; ++i) {
    for (std::int64_t j = 0; j < clusters; ++j) information += joint[i][j] * std::log(joint[i][j] / (marginal[i] * marginal[j]));
  }
  return -information;
}

at::Tensor loss(const at::Tensor& first, const at::Tensor& second) { return mutual_information_loss(at::softmax(first, 2), at::softmax(second, 2)); }

TEST(MutualInformationLoss, IsItsDefinition) {
  const at::Tensor first = logits(1), second = logits(2), found = loss(first, second);
  ASSERT_EQ(found.sizes(), (at::IntArrayRef{heads}));
  for (std::int64_t head = 0; head < heads; ++head) EXPECT_NEAR(found[head].item<double>(), by_definition(first, second, head), 1e-12);
}

TEST(MutualInformationLoss, HasTheGradientOfItsFiniteDifferences) {
  const at::Tensor first = logits(1).requires_grad_(), second = logits(2).requires_grad_();
  loss(first, second).sum().backward();
  constexpr double step = 1e-6;
  for (const at::Tensor& moved : {first, second}) {
    for (std::int64_t i = 0; i < moved.numel(); ++i) {
      at::Tensor change = at::zeros({moved.numel()}, at::kDouble);
      change[i] = step;
      const auto moved_by = [&](double sign) {
        const at::Tensor there = moved.detach() + sign * change.view_as(moved);
        double sum = 0;
        for (std::int64_t head = 0; head < heads; ++head) {
          sum += moved.is_same(first) ? by_definition(there, second.detach(), head) : by_definition(first.detach(), there, head);
        }
        return sum;
      };
      EXPECT_NEAR(moved.grad().flatten()[i].item<double>(), (moved_by(1) - moved_by(-1)) / (2 * step), 1e-8) << i;
    }
  }
}

TEST(MutualInformationLoss, OfIndependentClustersIsNothing) {
  // Every image of the one view meets every cluster of the other.
  const at::Tensor first = at::one_hot(torch::arange(9).floor_divide(3), 3).to(at::kDouble).unsqueeze(1), second = at::one_hot(torch::arange(9).remainder(3), 3).to(at::kDouble).unsqueeze(1);
  EXPECT_NEAR(mutual_information_loss(first, second).item<double>(), 0, 1e-12);
  const at::Tensor same = at::softmax(torch::randn({1, 2, 5}, at::kDouble), 2).expand({9, 2, 5});
  EXPECT_NEAR(mutual_information_loss(same, same).abs().max().item<double>(), 0, 1e-12);
}

TEST(MutualInformationLoss, OfEqualClustersOfEqualSizesIsTheLogarithmOfTheirNumber) {
  for (std::int64_t k : {2, 5, 20}) {
    const at::Tensor one = at::one_hot(torch::arange(3 * k).remainder(k), k).to(at::kDouble).unsqueeze(1);
    EXPECT_NEAR(mutual_information_loss(one, one).item<double>(), -std::log(static_cast<double>(k)), 1e-12) << k;
  }
}

TEST(MutualInformationLoss, HasAFiniteGradientWhereAClusterIsImpossible) {
  const at::Tensor probabilities = torch::tensor({{{1.0, 0.0, 0.0}}, {{0.5, 0.5, 0.0}}}, at::kFloat).requires_grad_();
  const at::Tensor found = mutual_information_loss(probabilities, probabilities);
  found.sum().backward();
  EXPECT_TRUE(at::isfinite(found).all().item<bool>());
  EXPECT_TRUE(at::isfinite(probabilities.grad()).all().item<bool>());
}

}  // namespace
}  // namespace latentgrid::nn
