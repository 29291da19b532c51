#include "nn/winograd.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "nn/convolution.hpp"
#if LATENTGRID_ONEDNN_WINOGRAD
#include "nn/onednn_winograd.hpp"
#endif
#include "nn/own_winograd.hpp"
#include "support/simd_targets.hpp"
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

// Our own are in every build.
struct Kernels {
  const char* name;
  bool (*exist)();
  bool (*has)(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::array<std::int64_t, 2>);
  at::Tensor (*convolution)(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::array<std::int64_t, 2>);
};

const Kernels own{"own", has_own_winograd_kernels, has_own_winograd, own_winograd_convolution};
#if LATENTGRID_ONEDNN_WINOGRAD
const Kernels onednns{"oneDNN's", has_onednn_winograd_kernels, has_onednn_winograd, onednn_winograd_convolution};
const std::vector<Kernels> all_kernels{own, onednns};
#else
const std::vector<Kernels> all_kernels{own};
#endif

void PrintTo(const Kernels& kernels, std::ostream* out) {
  *out << kernels.name;
}

// The output, and gradients of input, weight and bias.
using Results = std::array<at::Tensor, 4>;

template <typename Convolution>
Results results(std::array<at::Tensor, 3> arguments, const Convolution& convolution, const at::Tensor& gradient) {
  for (at::Tensor& argument : arguments) {
    if (argument.defined()) argument = argument.detach().set_requires_grad(true);
  }
  const at::Tensor output = convolution(arguments[0], arguments[1], arguments[2]);
  output.backward(gradient.to(output.scalar_type()));
  Results all{output.detach()};
  for (std::size_t i = 0; i < 3; ++i) {
    if (arguments[i].defined()) all[i + 1] = arguments[i].grad();
  }
  return all;
}

Results by(const Kernels& kernels, const std::array<at::Tensor, 3>& arguments, std::array<std::int64_t, 2> padding,
           const at::Tensor& gradient) {
  return results(
      arguments, [&](const auto&... given) { return kernels.convolution(given..., padding); }, gradient);
}

// In float64 by LibTorch's autograd.
Results exactly(std::array<at::Tensor, 3> arguments, std::array<std::int64_t, 2> padding, const at::Tensor& gradient) {
  for (at::Tensor& argument : arguments) {
    if (argument.defined()) argument = argument.to(at::kDouble);
  }
  return results(
      arguments, [&](const auto&... given) { return at::conv2d(given..., 1, at::IntArrayRef(padding)); }, gradient);
}

void expect_close(const Results& found, const Results& exact) {
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_EQ(found[i].defined(), exact[i].defined()) << i;
    if (!exact[i].defined()) continue;
    ASSERT_EQ(found[i].sizes(), exact[i].sizes()) << i;
    EXPECT_LT(difference(found[i], exact[i]), 1e-5) << i;
  }
}

class Winograd : public ::testing::TestWithParam<std::tuple<Kernels, Case>> {
 protected:
  Winograd() : kernels_(std::get<0>(GetParam())), case_(std::get<1>(GetParam())) {}

  void SetUp() override {
    if (!kernels_.exist()) GTEST_SKIP() << "this CPU or LibTorch has no such Winograd kernels";
    at::manual_seed(7);
  }

  const Kernels kernels_;
  const Case case_;
};

TEST_P(Winograd, IsTheConvolutionAndItsGradients) {
  const std::array<at::Tensor, 3> given{case_.input(), case_.weight(), case_.bias_or_none()};
  const std::array<std::int64_t, 2> padding = {case_.padding, case_.padding};
  ASSERT_TRUE(kernels_.has(given[0], given[1], given[2], padding));
  const at::Tensor gradient = at::randn_like(kernels_.convolution(given[0], given[1], given[2], padding));
  const Results found = by(kernels_, given, padding, gradient);
  EXPECT_TRUE(found[0].is_contiguous(channels_last));
  for (std::size_t i = 0; i < 3; ++i) {
    if (!given[i].defined()) continue;
    EXPECT_EQ(found[i + 1].strides(), given[i].strides()) << i;
  }
  expect_close(found, exactly(given, padding, gradient));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Winograd,
    ::testing::Combine(::testing::ValuesIn(all_kernels),
                       ::testing::Values(Case{16, 64, 128, 16, 16, 1, true}, Case{16, 128, 64, 8, 8, 1, false},
                                         Case{32, 32, 48, 7, 9, 1, true}, Case{9, 32, 32, 13, 14, 0, true},
                                         Case{77, 64, 64, 5, 4, 1, true})));

class WinogradKernels : public ::testing::TestWithParam<Kernels> {
 protected:
  void SetUp() override {
    if (!GetParam().exist()) GTEST_SKIP() << "this CPU or LibTorch has no such Winograd kernels";
    at::manual_seed(7);
  }
};

INSTANTIATE_TEST_SUITE_P(Each, WinogradKernels, ::testing::ValuesIn(all_kernels));

TEST_P(WinogradKernels, GiveTheSameBitsAgain) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const std::array<at::Tensor, 3> given{c.input(), c.weight(), c.bias_or_none()};
  const at::Tensor gradient = at::randn({16, 64, 8, 8});
  const Results once = by(GetParam(), given, {1, 1}, gradient), again = by(GetParam(), given, {1, 1}, gradient);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(once[i].equal(again[i])) << i;
}

TEST_P(WinogradKernels, LeaveOutTheGradientNobodyNeeds) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor input = c.input(), weight = c.weight().set_requires_grad(true);
  GetParam().convolution(input, weight, c.bias_or_none(), {1, 1}).sum().backward();
  EXPECT_FALSE(input.grad().defined());
  EXPECT_TRUE(weight.grad().defined());
}

TEST_P(WinogradKernels, GiveABiasItsGradientBesideAFrozenWeight) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor weight = c.weight(), bias = c.bias_or_none().set_requires_grad(true);
  GetParam().convolution(c.input(), weight, bias, {1, 1}).sum().backward();
  EXPECT_TRUE(bias.grad().allclose(at::full({64}, 16.0 * 8 * 8)));
  EXPECT_FALSE(weight.grad().defined());
}

TEST_P(WinogradKernels, AreThereForTheThreadsThatRunThem) {
  const Case c{16, 64, 64, 8, 8, 1, true};
  const std::array<at::Tensor, 3> given{c.input(), c.weight(), c.bias_or_none()};
  const at::Tensor gradient = at::randn({16, 64, 8, 8});
  const int before = at::get_num_threads();
  const Results exact = exactly(given, {1, 1}, gradient);
  for (int threads : {1, 2, 3, 1}) {
    at::set_num_threads(threads);
    expect_close(by(GetParam(), given, {1, 1}, gradient), exact);
  }
  at::set_num_threads(before);
}

// Sizes that has_winograd leaves alone, or may: single pixels, tiles that are not full, panels and blocks too.
class OwnWinograd : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override { at::manual_seed(7); }
};

TEST_P(OwnWinograd, IsTheConvolutionAndItsGradients) {
  const Case& c = GetParam();
  const std::array<at::Tensor, 3> given{c.input(), c.weight(), c.bias_or_none()};
  const std::array<std::int64_t, 2> padding = {c.padding, c.padding};
  const at::Tensor gradient = at::randn({c.images, c.out, c.height + 2 * c.padding - 2, c.width + 2 * c.padding - 2});
  const Results exact = exactly(given, padding, gradient);
  std::vector<Results> found;
  const int before = at::get_num_threads();
  for (int threads : {1, 2, 3, 5}) {
    at::set_num_threads(threads);
    testing::for_each_simd_target([&](const std::string&) { found.push_back(by(own, given, padding, gradient)); });
  }
  at::set_num_threads(before);
  for (const Results& one : found) expect_close(one, exact);
}

INSTANTIATE_TEST_SUITE_P(Sizes, OwnWinograd,
                         ::testing::Values(Case{1, 16, 16, 1, 1, 1, true}, Case{3, 16, 48, 3, 3, 0, true},
                                           Case{2, 48, 16, 5, 9, 1, false}, Case{1, 80, 112, 33, 4, 1, true},
                                           Case{7, 16, 32, 19, 3, 0, true}, Case{5, 32, 16, 21, 23, 1, true},
                                           Case{1, 512, 16, 6, 6, 1, true}, Case{1, 16, 272, 10, 11, 0, false}));

TEST(OwnWinogradKernels, PadLinesAndColumnsByNumbersOfTheirOwn) {
  at::manual_seed(7);
  const std::array<at::Tensor, 3> given{at::randn({3, 16, 9, 6}), at::randn({16, 16, 3, 3}), at::randn({16})};
  for (const std::array<std::int64_t, 2> padding : {std::array<std::int64_t, 2>{0, 1}, {1, 0}}) {
    const at::Tensor gradient = at::randn({3, 16, 7 + 2 * padding[0], 4 + 2 * padding[1]});
    expect_close(by(own, given, padding, gradient), exactly(given, padding, gradient));
  }
}

TEST(OwnWinogradKernels, TakeAnyLayout) {
  at::manual_seed(7);
  const at::Tensor wide = at::randn({4, 48, 20, 30});
  const std::array<at::Tensor, 3> given{wide.narrow(1, 16, 32).narrow(3, 5, 11).transpose(2, 3),
                                        at::randn({3, 3, 32, 32}).permute({3, 2, 1, 0}),
                                        at::randn({64}).slice(0, 0, 64, 2)};
  const at::Tensor gradient = at::randn({1, 32, 1, 20}).expand({4, 32, 11, 20});
  expect_close(by(own, given, {1, 1}, gradient), exactly(given, {1, 1}, gradient));
}

// Where it multiplies and adds without rounding between.
TEST(OwnWinogradKernels, GiveTheSameBitsOnEveryCpuFromAvx2On) {
  if (!own.exist()) GTEST_SKIP();
  at::manual_seed(7);
  const Case c{5, 48, 80, 11, 9, 1, true};
  const std::array<at::Tensor, 3> given{c.input(), c.weight(), c.bias_or_none()};
  const at::Tensor gradient = at::randn({5, 80, 11, 9});
  std::vector<Results> found;
  testing::for_each_simd_target([&](const std::string& target) {
    if (target.starts_with("AVX")) found.push_back(by(own, given, {1, 1}, gradient));
  });
  for (std::size_t t = 1; t < found.size(); ++t) {
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(found[t][i].equal(found[0][i])) << t << ' ' << i;
  }
}

TEST(OwnWinogradKernels, GiveTheSameBitsForEveryNumberOfThreads) {
  at::manual_seed(7);
  const Case c{37, 64, 112, 7, 9, 1, true};
  const std::array<at::Tensor, 3> given{c.input(), c.weight(), c.bias_or_none()};
  const at::Tensor gradient = at::randn({37, 112, 7, 9});
  const int before = at::get_num_threads();
  std::vector<Results> found;
  for (int threads : {1, 2, 3, 7}) {
    at::set_num_threads(threads);
    found.push_back(by(own, given, {1, 1}, gradient));
  }
  at::set_num_threads(before);
  for (std::size_t t = 1; t < found.size(); ++t) {
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(found[t][i].equal(found[0][i])) << t << ' ' << i;
  }
}

// Stores that go past the caches are for large outputs.
TEST(OwnWinogradKernels, StreamLargeOutputs) {
  at::manual_seed(7);
  const Case c{9, 16, 32, 127, 126, 1, true};
  const at::Tensor input = c.input(), weight = c.weight(), bias = c.bias_or_none();
  const at::Tensor exact = at::conv2d(input.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble), 1, 1);
  testing::for_each_simd_target([&](const std::string& target) {
    EXPECT_LT(difference(own_winograd_convolution(input, weight, bias, {1, 1}), exact), 1e-5) << target;
  });
}

TEST(OwnWinogradKernels, LetNaNThroughWhereItIs) {
  at::manual_seed(7);
  const Case c{2, 16, 16, 8, 8, 1, true};
  const at::Tensor input = c.input();
  input[1][3][4][4] = std::numeric_limits<float>::quiet_NaN();
  const at::Tensor found = own_winograd_convolution(input, c.weight(), c.bias_or_none(), {1, 1});
  EXPECT_FALSE(found[0].isnan().any().item<bool>());
  EXPECT_TRUE(found[1].narrow(1, 3, 3).narrow(2, 3, 3).isnan().all().item<bool>());
}

bool takes(const Kernels& kernels, std::int64_t images, std::int64_t in, std::int64_t out, std::int64_t size) {
  return kernels.has(at::zeros({images, in, size, size}), at::zeros({out, in, 3, 3}), at::zeros({out}), {1, 1});
}

TEST_P(WinogradKernels, AreNotTakenForWhatTheyCannotDo) {
  EXPECT_TRUE(takes(GetParam(), 128, 64, 64, 8));
  EXPECT_FALSE(takes(GetParam(), 128, 3, 64, 32)) << "filled up to 16 channels";
  EXPECT_FALSE(takes(GetParam(), 128, 40, 40, 32)) << "not in blocks of 16";
  EXPECT_FALSE(takes(GetParam(), 0, 64, 64, 8));
  EXPECT_FALSE(GetParam().has(at::zeros({128, 64, 8, 8}), at::zeros({64, 64, 3, 3}), at::Tensor(), {2, 2}));
  EXPECT_FALSE(GetParam().has(at::zeros({128, 64, 1, 1}), at::zeros({64, 64, 3, 3}), at::Tensor(), {0, 0}));
}

TEST(OwnWinogradKernels, AreNotTakenWhereTheyAreTheSlower) {
  if (!own.exist()) GTEST_SKIP();
  EXPECT_TRUE(takes(own, 128, 16, 16, 32));
  EXPECT_TRUE(takes(own, 128, 64, 64, 6));
  EXPECT_FALSE(takes(own, 128, 64, 64, 5)) << "25 pixels in four tiles";
  EXPECT_FALSE(takes(own, 128, 64, 64, 2)) << "4 in one";
  EXPECT_TRUE(takes(own, 4, 256, 256, 8));
  EXPECT_FALSE(takes(own, 1, 256, 256, 8)) << "few tiles";
}

#if LATENTGRID_ONEDNN_WINOGRAD
TEST(OneDnnsWinogradKernels, AreNotTakenWhereTheyAreTheSlower) {
  if (!onednns.exist()) GTEST_SKIP() << "this CPU has none";
  EXPECT_FALSE(takes(onednns, 128, 16, 16, 32)) << "few channels";
  EXPECT_FALSE(takes(onednns, 15, 64, 64, 8)) << "few pixels";
}
#endif

TEST(WinogradConvolution, IsOneDnnsWhereThereIsOne) {
  at::manual_seed(7);
  const Kernels& expected = all_kernels.back();
  EXPECT_EQ(has_winograd_kernels(), expected.exist());
  if (!expected.exist()) GTEST_SKIP() << "no kernels here";
  const Case c{16, 64, 64, 8, 8, 1, true};
  const at::Tensor input = c.input(), weight = c.weight(), bias = c.bias_or_none();
  EXPECT_TRUE(has_winograd(input, weight, bias, {1, 1}));
  EXPECT_TRUE(
      winograd_convolution(input, weight, bias, {1, 1}).equal(expected.convolution(input, weight, bias, {1, 1})));
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

TEST(Convolution, TakesWinogradsAlgorithmWhereItMay) {
  if (!has_winograd_kernels()) GTEST_SKIP() << "this CPU or LibTorch has no Winograd kernels";
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
