#include "nn/fused_batch_norm.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>

#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "nn/layers.hpp"
#include "nn/run_layers.hpp"
#include "unit/nn/difference.hpp"

namespace latentgrid::nn {
namespace {

using testing::difference;

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

struct Case {
  std::int64_t images, channels, height, width;
  bool relu_before, relu_after, pools;
  std::string norm = "";  // further arguments of the norm

  torch::nn::Sequential layers() const {
    Json list = Json::array();
    const Json relu = {{"type", "relu"}};
    if (relu_before) list.push_back(relu);
    list.push_back(Json::parse(fmt::format(R"({{"type":"batch_norm2d","num_features":{}{}}})", channels, norm)));
    if (relu_after) list.push_back(relu);
    if (pools) list.push_back({{"type", "max_pool2d"}, {"kernel_size", 2}});
    return make_sequence(list);
  }

  // Far from zero, as sums of squares would notice; the channels have scales of their own.
  at::Tensor input() const {
    const at::Tensor scale = at::rand({1, channels, 1, 1}).add(0.1);
    return at::randn({images, channels, height, width}).add(3).mul(scale).contiguous(channels_last);
  }
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << fmt::format("{}x{}x{}x{}, ReLU {}{}, pooling {} {}", c.images, c.channels, c.height, c.width, c.relu_before,
                      c.relu_after, c.pools, c.norm);
}

// Weights of both signs and one zero, running statistics of their own.
void scramble(torch::nn::Sequential& layers) {
  const at::NoGradGuard no_graph;
  for (auto& parameter : layers->parameters()) {
    parameter.copy_(at::randn_like(parameter));
    parameter[1] = 0;
  }
  for (auto& buffer : layers->buffers()) {
    if (buffer.dim() == 1) buffer.copy_(at::rand_like(buffer).add(0.5));
  }
}

at::Tensor relu_if(const at::Tensor& x, bool wanted) {
  return wanted ? x.relu() : x;
}

// Step by step in float64 by LibTorch.
at::Tensor reference(const Case& c, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                     const at::Tensor& mean, const at::Tensor& variance, bool training) {
  const at::Tensor normal =
      at::batch_norm(relu_if(x, c.relu_before), weight, bias, mean, variance, training, 0.1, 1e-5, false);
  const at::Tensor y = relu_if(normal, c.relu_after);
  return c.pools ? at::max_pool2d(y, 2) : y;
}

at::Tensor to_double(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.detach().to(at::kDouble, /*non_blocking=*/false, /*copy=*/true) : tensor;
}

torch::nn::BatchNorm2dImpl& norm_of(torch::nn::Sequential& layers) {
  for (const auto& layer : layers->modules(/*include_self=*/false)) {
    if (auto* norm = layer->as<torch::nn::BatchNorm2dImpl>()) return *norm;
  }
  throw std::logic_error("no batch norm");
}

class FusedBatchNormOf : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override { at::manual_seed(3); }
};

TEST_P(FusedBatchNormOf, IsTheLayersAndTheirGradients) {
  const Case& c = GetParam();
  torch::nn::Sequential layers = c.layers();
  scramble(layers);
  auto& norm = norm_of(layers);
  const at::Tensor x = c.input().set_requires_grad(true);
  ASSERT_TRUE(can_fuse(x, norm, c.pools));
  const at::Tensor mean = to_double(norm.running_mean), variance = to_double(norm.running_var);
  std::vector<at::Tensor> ours = {x}, exact = {to_double(x).set_requires_grad(true)};
  for (const at::Tensor& parameter : layers->parameters()) {
    ours.push_back(parameter);
    exact.push_back(to_double(parameter).set_requires_grad(true));
  }
  const at::Tensor weight = exact.size() > 1 ? exact[1] : at::Tensor(),
                   bias = exact.size() > 1 ? exact[2] : at::Tensor();
  const at::Tensor y = run_layers(layers, x), expected = reference(c, exact[0], weight, bias, mean, variance, true);
  ASSERT_EQ(y.sizes(), expected.sizes());
  EXPECT_TRUE(y.is_contiguous(channels_last));
  EXPECT_LT(difference(y, expected), 2e-6);
  EXPECT_LT(difference(norm.running_mean, mean), 1e-6);
  EXPECT_LT(difference(norm.running_var, variance), 1e-6);
  EXPECT_EQ(norm.num_batches_tracked.item<std::int64_t>(), 1);
  const at::Tensor gradient = at::randn_like(y);
  y.backward(gradient);
  expected.backward(gradient.to(at::kDouble));
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_LT(difference(ours[i].grad(), exact[i].grad()), 1e-5) << i;
}

TEST_P(FusedBatchNormOf, TakesTheRunningStatisticsInEvalMode) {
  const Case& c = GetParam();
  torch::nn::Sequential layers = c.layers();
  scramble(layers);
  layers->eval();
  auto& norm = norm_of(layers);
  const at::NoGradGuard no_graph;
  const at::Tensor x = c.input(), before = x.clone();
  ASSERT_TRUE(can_fuse(x, norm, c.pools));
  const at::Tensor y = run_layers(layers, x);
  const at::Tensor expected = reference(c, to_double(x), to_double(norm.weight), to_double(norm.bias),
                                        to_double(norm.running_mean), to_double(norm.running_var), false);
  EXPECT_LT(difference(y, expected), 2e-6);
  EXPECT_TRUE(x.equal(before));
  EXPECT_EQ(norm.num_batches_tracked.item<std::int64_t>(), 0);
}

TEST_P(FusedBatchNormOf, GivesTheSameBitsForAnyThreads) {
  const Case& c = GetParam();
  const at::Tensor x = c.input();
  at::Tensor outputs[2], gradients[2];
  const int threads = at::get_num_threads();
  for (int i : {0, 1}) {
    at::set_num_threads(i + 1);
    torch::nn::Sequential layers = c.layers();
    const at::Tensor leaf = x.clone().set_requires_grad(true);
    outputs[i] = run_layers(layers, leaf);
    outputs[i].backward(at::ones_like(outputs[i]).cumsum(0));
    gradients[i] = leaf.grad();
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(outputs[0].equal(outputs[1]));
  EXPECT_TRUE(gradients[0].equal(gradients[1]));
}

INSTANTIATE_TEST_SUITE_P(
    Layers, FusedBatchNormOf,
    ::testing::Values(Case{9, 64, 16, 16, true, false, true}, Case{8, 128, 8, 8, false, true, true},
                      Case{5, 32, 6, 10, false, false, true}, Case{3, 48, 4, 6, true, true, true},
                      Case{7, 16, 7, 9, true, false, false}, Case{6, 32, 5, 5, false, true, false},
                      Case{4, 256, 8, 8, false, false, false}, Case{4, 16, 6, 6, true, true, false},
                      Case{4, 32, 8, 8, true, false, true, R"(,"affine":false)"}, Case{1, 16, 2, 2, true, false, true},
                      Case{1, 9008, 2, 2, true, false, true}));

TEST(FusedBatchNorm, LeavesOtherInputsToTheLayers) {
  torch::nn::Sequential layers = Case{1, 16, 1, 1, true, false, true}.layers();
  auto& norm = norm_of(layers);
  const at::Tensor fits = at::randn({2, 16, 4, 4}).contiguous(channels_last);
  EXPECT_TRUE(can_fuse(fits, norm, true));
  EXPECT_FALSE(can_fuse(fits.contiguous(), norm, true));
  EXPECT_FALSE(can_fuse(fits.to(at::kBFloat16), norm, true));
  EXPECT_FALSE(can_fuse(at::randn({2, 16, 3, 4}).contiguous(channels_last), norm, true));
  EXPECT_TRUE(can_fuse(at::randn({2, 16, 3, 4}).contiguous(channels_last), norm, false));
  EXPECT_FALSE(can_fuse(at::randn({1, 16, 1, 1}).contiguous(channels_last), norm, false));
  norm.eval();
  EXPECT_FALSE(can_fuse(fits, norm, true)) << "it records gradients";
}

TEST(FusedBatchNorm, GivesABiasItsGradientBesideAFrozenWeight) {
  for (bool training : {true, false}) {
    torch::nn::Sequential layers = Case{2, 16, 4, 4, false, false, false}.layers();
    layers->train(training);
    norm_of(layers).weight.set_requires_grad(false);
    run_layers(layers, at::randn({2, 16, 4, 4}).contiguous(channels_last)).sum().backward();
    EXPECT_TRUE(norm_of(layers).bias.grad().allclose(at::full({16}, 32.0)));
  }
}

TEST(FusedBatchNorm, GivesTheGradientToTheFirstOfEqualMaxima) {
  at::manual_seed(6);
  const Case c{3, 16, 8, 8, false, false, true};
  torch::nn::Sequential fused = c.layers(), apart = c.layers();
  const at::Tensor few = at::randint(0, 3, {3, 16, 8, 8}, at::kFloat).contiguous(channels_last);
  const at::Tensor x = few.clone().set_requires_grad(true), same = few.clone().set_requires_grad(true);
  const at::Tensor gradient = at::randn({3, 16, 4, 4});
  run_layers(fused, x).backward(gradient);
  apart->forward(same).backward(gradient);
  EXPECT_TRUE(x.grad().allclose(same.grad(), 1e-4, 1e-5));
}

TEST(FusedBatchNorm, IsNotTakenForAnotherPooling) {
  at::manual_seed(5);
  for (const char* pool :
       {R"({"type":"max_pool2d","kernel_size":3,"stride":2})", R"({"type":"max_pool2d","kernel_size":2,"stride":1})",
        R"({"type":"max_pool2d","kernel_size":2,"padding":1})"}) {
    const Json list = {{{"type", "batch_norm2d"}, {"num_features", 16}}, Json::parse(pool)};
    torch::nn::Sequential layers = make_sequence(list), same = make_sequence(list);
    const at::Tensor x = at::randn({2, 16, 8, 8}).contiguous(channels_last);
    EXPECT_TRUE(run_layers(layers, x).allclose(same->forward(x), 1e-5, 1e-6)) << pool;
  }
}

TEST(FusedBatchNorm, ShowsAnInputThatIsNoNumber) {
  for (bool training : {true, false}) {
    for (bool pools : {true, false}) {
      torch::nn::Sequential layers = Case{2, 16, 4, 4, true, true, pools}.layers();
      layers->train(training);
      const at::NoGradGuard no_graph;
      for (std::int64_t corner : {0, 1}) {
        at::Tensor x = at::ones({2, 16, 4, 4}).contiguous(channels_last);
        x[0][3][2][corner] = std::numeric_limits<float>::quiet_NaN();
        const at::Tensor y = run_layers(layers, x);
        EXPECT_TRUE(y.select(1, 3).isnan().any().item<bool>()) << training << pools << corner;
        EXPECT_FALSE(y.select(1, 4).isnan().any().item<bool>());
      }
    }
  }
}

}  // namespace
}  // namespace latentgrid::nn
