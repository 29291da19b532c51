// Arguments: points, columns, directions, threads.
#include <benchmark/benchmark.h>

#include "bench/micro/points.hpp"
#include "reduce/pca.hpp"

namespace {

using namespace latentgrid;

void principal_components(benchmark::State& state) {
  const MatrixRf x = bench::latents(state.range(0), state.range(1));
  const PcaOptions options{.width = state.range(2), .threads = static_cast<int>(state.range(3))};
  for (auto _ : state) benchmark::DoNotOptimize(pca(bench::ref(x), options).total_variance);
}
BENCHMARK(principal_components)
    ->Args({8500, 128, 64, 1})->Args({8500, 4096, 64, 1})->Args({8500, 4096, 64, 2})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
