// A 3×3 convolution of padding 1 with its gradients, as in a training step. Arguments: images, channels in and out,
// height and width, threads.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "nn/own_winograd.hpp"
#include "nn/winograd.hpp"

namespace {

using latentgrid::nn::has_winograd_kernels;
using latentgrid::nn::own_winograd_convolution;
using latentgrid::nn::winograd_convolution;

template <typename Convolution>
void step(benchmark::State& state, const Convolution& convolution) {
  at::set_num_threads(static_cast<int>(state.range(4)));
  const auto channels_last = at::MemoryFormat::ChannelsLast;
  const std::int64_t images = state.range(0), in = state.range(1), out = state.range(2), side = state.range(3);
  const at::Tensor input = at::randn({images, in, side, side}).contiguous(channels_last).set_requires_grad(true);
  const at::Tensor weight = at::randn({out, in, 3, 3}).contiguous(channels_last).set_requires_grad(true);
  const at::Tensor bias = at::randn({out}).set_requires_grad(true);
  const at::Tensor gradient = at::randn({images, out, side, side}).contiguous(channels_last);
  for (auto _ : state) {
    for (const at::Tensor& leaf : {input, weight, bias}) leaf.mutable_grad() = at::Tensor();
    convolution(input, weight, bias).backward(gradient);
    benchmark::DoNotOptimize(weight.grad().data_ptr());
  }
}

void direct_convolution_step(benchmark::State& state) {
  step(state, [](const auto& input, const auto& weight, const auto& bias) {
    return at::conv2d(input, weight, bias, /*stride=*/1, /*padding=*/1);
  });
}

void winograd_convolution_step(benchmark::State& state) {
  if (!has_winograd_kernels()) return state.SkipWithError("this CPU or LibTorch has no Winograd kernels");
  step(state, [](const auto& input, const auto& weight, const auto& bias) {
    return winograd_convolution(input, weight, bias, {1, 1});
  });
}

// Our own kernels, which are the same as those above in a build without oneDNN's.
void own_winograd_convolution_step(benchmark::State& state) {
  step(state, [](const auto& input, const auto& weight, const auto& bias) {
    return own_winograd_convolution(input, weight, bias, {1, 1});
  });
}

// The second and the third convolution of AE2.
void shapes_of_ae2(benchmark::internal::Benchmark* benchmark) {
  for (int threads : {1, 2}) benchmark->Args({128, 64, 128, 16, threads})->Args({128, 128, 256, 8, threads});
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(direct_convolution_step)->Apply(shapes_of_ae2);
BENCHMARK(winograd_convolution_step)->Apply(shapes_of_ae2);
BENCHMARK(own_winograd_convolution_step)->Apply(shapes_of_ae2);

}  // namespace
