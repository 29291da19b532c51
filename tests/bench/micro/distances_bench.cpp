// The k nearest neighbors of every point. Arguments: points, columns, threads; k = 91, as t-SNE asks for at perplexity 30.
#include <benchmark/benchmark.h>

#include "bench/micro/points.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace {

using namespace latentgrid;

void neighbors(benchmark::State& state) {
  const MatrixRf x = bench::latents(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(nearest_neighbors(bench::ref(x), 91, static_cast<int>(state.range(2))).k);
}
BENCHMARK(neighbors)
    ->Args({8500, 32, 1})->Args({8500, 32, 2})->Args({8500, 4096, 1})->Args({20000, 50, 1})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
