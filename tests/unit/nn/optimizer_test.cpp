#include "nn/optimizer.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

#include "base/error.hpp"
#include "nn/autoencoder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

std::vector<at::Tensor> parameters() {
  torch::manual_seed(3);
  return {at::randn({5, 3}).requires_grad_(), at::randn({7}).requires_grad_()};
}

at::Tensor some_loss(const std::vector<at::Tensor>& p) { return (p[0].matmul(p[0].t()).sin().sum() + p[1].pow(4).sum()); }

// Ten steps with ours and with LibTorch's; the parameters must agree bit for bit.
template <typename Theirs>
void expect_equal_to(const TrainingOptions& options, Theirs make_theirs) {
  std::vector<at::Tensor> ours = parameters(), theirs = parameters();
  auto optimizer = make_optimizer(options, ours);
  auto reference = make_theirs(theirs);
  for (int step = 0; step < 10; ++step) {
    optimizer->zero_grad();
    some_loss(ours).backward();
    optimizer->step(options.learning_rate);
    reference.zero_grad();
    some_loss(theirs).backward();
    reference.step();
  }
  EXPECT_EQ(optimizer->steps(), 10);
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(at::equal(ours[i], theirs[i])) << i;
}

TEST(Optimizer, AdamIsLibTorchsAdam) {
  TrainingOptions options;
  options.learning_rate = 0.02;
  options.weight_decay = 0.1;
  options.beta1 = 0.8;
  options.beta2 = 0.99;
  options.epsilon = 1e-6;
  expect_equal_to(options, [](auto& p) {
    return torch::optim::Adam(p, torch::optim::AdamOptions(0.02).weight_decay(0.1).betas({0.8, 0.99}).eps(1e-6));
  });
}

TEST(Optimizer, SgdIsLibTorchsSgd) {
  TrainingOptions options;
  options.optimizer = "sgd";
  options.learning_rate = 0.02;
  expect_equal_to(options, [](auto& p) { return torch::optim::SGD(p, torch::optim::SGDOptions(0.02)); });
  options.momentum = 0.9;
  options.weight_decay = 0.1;
  expect_equal_to(options, [](auto& p) {
    return torch::optim::SGD(p, torch::optim::SGDOptions(0.02).momentum(0.9).weight_decay(0.1));
  });
}

TEST(Optimizer, AParameterWithoutGradientIsLeftAlone) {
  std::vector<at::Tensor> p = parameters();
  at::Tensor before = p[1].detach().clone();
  auto optimizer = make_optimizer({}, p);
  p[0].sum().backward();
  optimizer->step(0.1);
  EXPECT_TRUE(at::equal(p[1], before));
}

TEST(Optimizer, AnUnknownNameIsAnError) {
  TrainingOptions options;
  options.optimizer = "lion";
  EXPECT_THROW(make_optimizer(options, parameters()), Error);
}

// Five steps of a whole network against PyTorch's Python front end: tests/golden/make_torch_answers.py.
std::vector<double> five_losses(const TrainingOptions& options) {
  Json autoencoder = testing::tiny_autoencoder();
  autoencoder["encoder"].erase(3);  // no dropout: its draws depend on the front end
  torch::manual_seed(7);
  AutoencoderModule model(autoencoder, Compute(Arithmetic()));
  std::vector<at::Tensor> tensors;
  for (const auto& [name, tensor] : model.parameters()) tensors.push_back(tensor);
  auto optimizer = make_optimizer(options, tensors);
  at::Tensor x = at::arange(4 * 3 * 8 * 8, at::kDouble).mul(0.37).sin().to(at::kFloat).reshape({4, 3, 8, 8});
  std::vector<double> losses;
  model.train(true);
  for (int step = 0; step < 5; ++step) {
    optimizer->zero_grad();
    at::Tensor loss = at::mse_loss(model.decode(model.encode(x)), x);
    loss.backward();
    optimizer->step(options.learning_rate);
    losses.push_back(loss.item<double>());
  }
  return losses;
}

void expect_near(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 2e-5) << i;
}

TEST(Optimizer, ANetworkLearnsAsInPython) {
  TrainingOptions options;
  options.learning_rate = 1e-2;
  expect_near(five_losses(options), {0.5986034, 0.5298544, 0.5316475, 0.5246232, 0.5041072});
  options.weight_decay = 0.1;
  options.beta1 = 0.8;
  options.beta2 = 0.99;
  options.epsilon = 1e-6;
  expect_near(five_losses(options), {0.5986034, 0.5264269, 0.5178907, 0.5149897, 0.5072482});
  options = {};
  options.optimizer = "sgd";
  options.learning_rate = 0.5;
  expect_near(five_losses(options), {0.5986034, 0.5171285, 0.5055549, 0.4990527, 0.4942962});
  options.momentum = 0.9;
  options.weight_decay = 0.01;
  expect_near(five_losses(options), {0.5986034, 0.5165709, 0.5292134, 0.5235693, 0.4893167});
}

}  // namespace
}  // namespace latentgrid::nn
