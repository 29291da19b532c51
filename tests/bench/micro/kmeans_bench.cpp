// One start to its end. Arguments: points, columns, clusters.
#include <benchmark/benchmark.h>

#include "bench/micro/points.hpp"
#include "cluster/kmeans.hpp"

namespace {

using namespace latentgrid;

void kmeans_start(benchmark::State& state) {
  const MatrixRf x = bench::latents(state.range(0), state.range(1));
  const KmeansOptions options{.k = state.range(2), .n_init = 1};
  std::int64_t iterations = 0;
  for (auto _ : state) iterations += kmeans(bench::ref(x), options).iterations;
  state.counters["iterations"] = benchmark::Counter(static_cast<double>(iterations), benchmark::Counter::kAvgIterations);
}
BENCHMARK(kmeans_start)
    ->Args({8500, 32, 2})->Args({8500, 32, 10})->Args({8500, 4096, 2})->Args({8500, 4096, 10})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
