// Ten iterations from a start of no use. Arguments: points, columns, clusters, covariance (0 full, 1 tied, 2 diag, 3 spherical), threads.
#include <benchmark/benchmark.h>

#include "bench/micro/points.hpp"
#include "cluster/gmm.hpp"

namespace {

using namespace latentgrid;

void gmm_iterations(benchmark::State& state) {
  const MatrixRf x = bench::latents(state.range(0), state.range(1));
  std::vector<std::int32_t> start(x.rows());
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = static_cast<std::int32_t>(i % state.range(2));
  const GmmOptions options{.k = state.range(2),
                           .covariance = static_cast<Covariance>(state.range(3)),
                           .max_iterations = 10,
                           .tolerance = 0,
                           .threads = static_cast<int>(state.range(4))};
  for (auto _ : state) benchmark::DoNotOptimize(gmm_from(bench::ref(x), start, options));
}
BENCHMARK(gmm_iterations)
    ->Args({60000, 10, 10, 0, 1})->Args({60000, 10, 10, 0, 2})->Args({60000, 10, 10, 1, 1})->Args({60000, 10, 10, 2, 1})
    ->Args({60000, 10, 10, 3, 1})->Args({8500, 128, 10, 0, 1})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
