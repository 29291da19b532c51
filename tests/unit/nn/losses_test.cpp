#include "nn/losses.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "base/error.hpp"

namespace latentgrid::nn {
namespace {

// Errors -3, -0.5, 0, 0.25 and 2: the mean of a function of them, and its derivative by each reconstruction.
struct Expected {
  double value;
  std::vector<double> gradient;
};

void expect(const char* name, const Expected& expected) {
  const at::Tensor images = torch::tensor({1.0, 0.5, -0.5, 0.0, -1.0}, at::kDouble);
  const at::Tensor reconstructed = torch::tensor({-2.0, 0.0, -0.5, 0.25, 1.0}, at::kDouble).requires_grad_();
  const at::Tensor loss = loss_function(name)(reconstructed, images);
  EXPECT_NEAR(loss.item<double>(), expected.value, 1e-12) << name;
  loss.backward();
  for (std::size_t i = 0; i < expected.gradient.size(); ++i) {
    EXPECT_NEAR(reconstructed.grad()[static_cast<std::int64_t>(i)].item<double>(), expected.gradient[i] / 5, 1e-12) << name << " " << i;
  }
}

TEST(Losses, AreMeansOfTheirDefinitions) {
  expect("mse", {(9 + 0.25 + 0.0625 + 4) / 5, {-6, -1, 0, 0.5, 4}});
  expect("l1", {(3 + 0.5 + 0.25 + 2) / 5, {-1, -1, 0, 1, 1}});
  expect("smooth_l1", {(2.5 + 0.125 + 0.03125 + 1.5) / 5, {-1, -0.5, 0, 0.25, 1}});
}

// Of values in [0, 1]: -(x log y + (1 - x) log(1 - y)).
TEST(Losses, BinaryCrossEntropyIsItsDefinition) {
  const at::Tensor images = torch::tensor({0.0, 1.0, 0.25}, at::kDouble);
  const at::Tensor reconstructed = torch::tensor({0.25, 0.5, 0.75}, at::kDouble).requires_grad_();
  const at::Tensor loss = loss_function("bce")(reconstructed, images);
  EXPECT_NEAR(loss.item<double>(), -(std::log(0.75) + std::log(0.5) + 0.25 * std::log(0.75) + 0.75 * std::log(0.25)) / 3, 1e-12);
  loss.backward();
  const std::vector<double> gradient = {1 / 0.75, -1 / 0.5, -0.25 / 0.75 + 0.75 / 0.25};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(reconstructed.grad()[static_cast<std::int64_t>(i)].item<double>(), gradient[i] / 3, 1e-12);
}

TEST(Losses, AnotherNameIsAnError) { EXPECT_THROW(loss_function("huber"), Error); }

}  // namespace
}  // namespace latentgrid::nn
