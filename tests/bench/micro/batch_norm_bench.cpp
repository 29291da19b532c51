// ReLU, batch norm and 2×2 max pooling with their gradients, as in a training step. Arguments: images, channels, height
// and width, threads.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "nn/layers.hpp"
#include "nn/run_layers.hpp"

namespace {

using namespace latentgrid;

template <typename Run>
void step(benchmark::State& state, const Run& run) {
  at::set_num_threads(static_cast<int>(state.range(3)));
  const std::int64_t channels = state.range(1), side = state.range(2);
  torch::nn::Sequential layers = nn::make_sequence({{{"type", "relu"}},
                                                    {{"type", "batch_norm2d"}, {"num_features", channels}},
                                                    {{"type", "max_pool2d"}, {"kernel_size", 2}}});
  const auto channels_last = at::MemoryFormat::ChannelsLast;
  const at::Tensor x =
      at::randn({state.range(0), channels, side, side}).contiguous(channels_last).set_requires_grad(true);
  const at::Tensor gradient = at::randn({state.range(0), channels, side / 2, side / 2}).contiguous(channels_last);
  for (auto _ : state) {
    x.mutable_grad() = at::Tensor();
    layers->zero_grad();
    run(layers, x).backward(gradient);
    benchmark::DoNotOptimize(x.grad().data_ptr());
  }
}

void batch_norm_of_three_layers(benchmark::State& state) {
  step(state, [](torch::nn::Sequential& layers, const at::Tensor& x) { return layers->forward(x); });
}

void batch_norm_fused(benchmark::State& state) {
  step(state, [](torch::nn::Sequential& layers, const at::Tensor& x) { return nn::run_layers(layers, x); });
}

// Those of AE2.
void shapes_of_ae2(benchmark::internal::Benchmark* benchmark) {
  for (int threads : {1, 2}) {
    benchmark->Args({128, 64, 32, threads})->Args({128, 128, 16, threads})->Args({128, 256, 8, threads});
  }
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(batch_norm_of_three_layers)->Apply(shapes_of_ae2);
BENCHMARK(batch_norm_fused)->Apply(shapes_of_ae2);

}  // namespace
