#include "nn/winograd.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "nn/convolution.hpp"
#include "unit/nn/difference.hpp"

namespace latentgrid::nn {
namespace {

using testing::difference;

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

struct Case {
  std::int64_t images, in, out, height, width, padding;
  bool bias;

  at::Tensor input() const { return at::randn({images, in, height, width}).contiguous(channels_last); }
  at::Tensor weight() const { return at::randn({out, in, 3, 3}).contiguous(channels_last); }
  at::Tensor bias_or_none() const { return bias ? at::randn({out}) : at::Tensor(); }
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << fmt::format("{}x{}x{}x{} to {}, padding {}, bias {}", c.images, c.in, c.height, c.width, c.out, c.padding,
                      c.bias);
}

class Winograd : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!has_winograd_kernels()) GTEST_SKIP() << "this CPU or LibTorch has no Winograd kernels of oneDNN 2";
    at::manual_seed(7);
  }
};

// In float64 by LibTorch's autograd.
TEST_P(Winograd, IsTheConvolutionAndItsGradients) {
  const Case& c = GetParam();
  std::vector<at::Tensor> ours = {c.input(), c.weight(), c.bias_or_none()}, exact(3);
  ASSERT_TRUE(has_winograd(ours[0], ours[1], ours[2], {c.padding, c.padding}));
  for (std::size_t i = 0; i < 3; ++i) {
    if (!ours[i].defined()) continue;
    exact[i] = ours[i].to(at::kDouble).set_requires_grad(true);
    ours[i].set_requires_grad(true);
  }
  const at::Tensor output = winograd_convolution(ours[0], ours[1], ours[2], {c.padding, c.padding});
  const at::Tensor reference = at::conv2d(exact[0], exact[1], exact[2], 1, c.padding);
  ASSERT_EQ(output.sizes(), reference.sizes());
  EXPECT_TRUE(output.is_contiguous(channels_last));
  EXPECT_LT(difference(output, reference), 1e-5);
  const at::Tensor gradient = at::randn_like(output);
  output.backward(gradient);
  reference.backward(gradient.to(at::kDouble));
  for (std::size_t i = 0; i < 3; ++i) {
    if (!ours[i].defined()) continue;
    EXPECT_EQ(ours[i].grad().strides(), ours[i].strides()) << i;
    EXPECT_LT(difference(ours[i].grad(), exact[i].grad()), 1e-5) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Winograd,
                         ::testing::Values(Case{16, 64, 128, 16, 16, 1, true}, Case{16, 128, 64, 8, 8, 1, false},
                                           Case{32, 32, 48, 7, 9, 1, true}, Case{9, 32, 32, 13, 14, 0, true},
                                           Case{77, 64, 64, 5, 4, 1, true}));

TEST_F(Winograd, GivesTheSameBitsAgain) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor input = c.input(), weight = c.weight().set_requires_grad(true), bias = c.bias_or_none();
  at::Tensor outputs[2], gradients[2];
  for (int i : {0, 1}) {
    weight.mutable_grad() = at::Tensor();
    outputs[i] = winograd_convolution(input, weight, bias, {1, 1});
    outputs[i].sum().backward();
    gradients[i] = weight.grad();
  }
  EXPECT_TRUE(outputs[0].equal(outputs[1]));
  EXPECT_TRUE(gradients[0].equal(gradients[1]));
}

TEST_F(Winograd, LeavesOutTheGradientNobodyNeeds) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor input = c.input(), weight = c.weight().set_requires_grad(true);
  winograd_convolution(input, weight, c.bias_or_none(), {1, 1}).sum().backward();
  EXPECT_FALSE(input.grad().defined());
  EXPECT_TRUE(weight.grad().defined());
}

TEST_F(Winograd, GivesABiasItsGradientBesideAFrozenWeight) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor weight = c.weight(), bias = c.bias_or_none().set_requires_grad(true);
  winograd_convolution(c.input(), weight, bias, {1, 1}).sum().backward();
  EXPECT_TRUE(bias.grad().allclose(at::full({64}, 16.0 * 8 * 8)));
  EXPECT_FALSE(weight.grad().defined());
}

TEST_F(Winograd, HasKernelsForTheThreadsThatRunThem) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor input = c.input(), weight = c.weight(), bias = c.bias_or_none();
  const int before = at::get_num_threads();
  const at::Tensor exact = at::conv2d(input.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble), 1, 1);
  for (int threads : {1, 2, 3, 1}) {
    at::set_num_threads(threads);
    EXPECT_LT(difference(winograd_convolution(input, weight, bias, {1, 1}), exact), 1e-5) << threads;
  }
  at::set_num_threads(before);
}

TEST_F(Winograd, IsNotTakenWhereItIsTheSlower) {
  const auto has = [](std::int64_t images, std::int64_t in, std::int64_t out, std::int64_t size) {
    return has_winograd(at::zeros({images, in, size, size}), at::zeros({out, in, 3, 3}), at::zeros({out}), {1, 1});
  };
  EXPECT_FALSE(has(128, 3, 64, 32)) << "filled up to 16 channels";
  EXPECT_FALSE(has(128, 16, 16, 32)) << "few channels";
  EXPECT_FALSE(has(128, 40, 40, 32)) << "not in blocks of 16";
  EXPECT_FALSE(has(15, 64, 64, 8)) << "few pixels";
  EXPECT_FALSE(has(0, 64, 64, 8));
}

at::Tensor through(const torch::nn::Conv2dOptions& options, bool allowed, const at::Tensor& input, bool as_pytorch) {
  at::manual_seed(3);
  Convolution convolution(options);
  convolution->weight.set_data(convolution->weight.data().contiguous(channels_last));
  if (allowed) convolution->allow_winograd();
  return as_pytorch ? static_cast<torch::nn::Conv2dImpl&>(*convolution).forward(input) : convolution->forward(input);
}

bool is_pytorchs(const torch::nn::Conv2dOptions& options, bool allowed) {
  at::manual_seed(5);
  const at::Tensor input = at::randn({16, 64, 8, 8}).contiguous(channels_last);
  return through(options, allowed, input, false).equal(through(options, allowed, input, true));
}

torch::nn::Conv2dOptions three_by_three() {
  return torch::nn::Conv2dOptions(64, 64, 3).padding(1);
}

TEST_F(Winograd, IsTakenByAConvolutionThatMay) {
  EXPECT_FALSE(is_pytorchs(three_by_three(), true));
  EXPECT_TRUE(is_pytorchs(three_by_three(), false));
}

TEST(Convolution, LeavesWhatWinogradCannotDoToPyTorch) {
  EXPECT_TRUE(is_pytorchs(three_by_three().stride(2), true));
  EXPECT_TRUE(is_pytorchs(three_by_three().dilation(2), true));
  EXPECT_TRUE(is_pytorchs(three_by_three().groups(2), true));
  EXPECT_TRUE(is_pytorchs(three_by_three().padding(2), true));
  EXPECT_TRUE(is_pytorchs(three_by_three().padding_mode(torch::kReflect), true));
  EXPECT_TRUE(is_pytorchs(torch::nn::Conv2dOptions(64, 64, 5).padding(2), true));
  EXPECT_TRUE(is_pytorchs(torch::nn::Conv2dOptions(64, 64, {1, 3}).padding({0, 1}), true));
}

}  // namespace
}  // namespace latentgrid::nn
