// One iteration's parts of t-SNE. Arguments: points, dimension, threads.
#include <benchmark/benchmark.h>

#include <cmath>

#include "bench/micro/points.hpp"
#include "reduce/tsne_forces.hpp"
#include "reduce/tsne_grid.hpp"

namespace {

using namespace latentgrid;

// About as wide as embeddings of so many points become.
MatrixRf embedding(std::int64_t points, std::int64_t dim) {
  const double deviation = 0.1 * std::sqrt(static_cast<double>(points));
  return testing::random_points(points, dim, 2, dim == 2 ? deviation : 5);
}

void tsne_repulsion_exact(benchmark::State& state) {
  const MatrixRf y = embedding(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(tsne_repulsion(y, static_cast<int>(state.range(2))).normalizer);
  const auto pairs = static_cast<double>(state.range(0)) * static_cast<double>(state.range(0) - 1) / 2;
  state.counters["pairs/s"] = benchmark::Counter(pairs, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(tsne_repulsion_exact)
    ->Args({8500, 2, 1})->Args({8500, 2, 2})->Args({8500, 3, 1})->Args({8500, 8, 1})->Args({2000, 8, 1})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

void tsne_repulsion_grid(benchmark::State& state) {
  const MatrixRf y = embedding(state.range(0), state.range(1));
  TsneGrid grid(static_cast<int>(state.range(2)));
  for (auto _ : state) benchmark::DoNotOptimize(grid.repulsion(y).normalizer);
}
BENCHMARK(tsne_repulsion_grid)
    ->Args({8500, 2, 1})->Args({20000, 2, 1})->Args({60000, 2, 1})->Args({60000, 2, 2})->Args({240000, 2, 2})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

SparseRows affinities(std::int64_t points) {
  const MatrixRf x = bench::latents(points, 32);
  return joint_probabilities(nearest_neighbors(bench::ref(x), affinity_neighbors(points, 30), 2), 30, 2);
}

void tsne_attraction_of_affinities(benchmark::State& state) {
  const SparseRows p = affinities(state.range(0));
  const MatrixRf y = embedding(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(tsne_attraction(p, y, static_cast<int>(state.range(2))).data());
}
BENCHMARK(tsne_attraction_of_affinities)
    ->Args({8500, 2, 1})->Args({8500, 8, 1})->Unit(benchmark::kMillisecond)->UseRealTime();

void perplexity_search(benchmark::State& state) {
  const MatrixRf x = bench::latents(state.range(0), 32);
  const Neighbors near = nearest_neighbors(bench::ref(x), affinity_neighbors(state.range(0), 30), 2);
  for (auto _ : state) benchmark::DoNotOptimize(conditional_probabilities(near, 30, 1).data());
}
BENCHMARK(perplexity_search)->Arg(8500)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
