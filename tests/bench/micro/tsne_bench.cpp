// An iteration of t-SNE, its parts, and what comes before. Arguments, unless said otherwise: points, dimension, threads.
#include <benchmark/benchmark.h>

#include <cmath>
#include <map>

#include "bench/micro/points.hpp"
#include "reduce/tsne.hpp"
#include "reduce/tsne_attraction.hpp"
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

// Kept: a search takes longer than what is measured.
const Neighbors& neighbors(std::int64_t points) {
  static std::map<std::int64_t, Neighbors> known;
  Neighbors& near = known[points];
  if (near.k == 0) near = nearest_neighbors(bench::ref(bench::latents(points, 32)), affinity_neighbors(points, 30), 2);
  return near;
}

SparseRows affinities(std::int64_t points) {
  return joint_probabilities(neighbors(points), 30, 2);
}

void tsne_attraction_of_affinities(benchmark::State& state) {
  const SparseRows p = affinities(state.range(0));
  const MatrixRf y = embedding(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(tsne_attraction(p, y, static_cast<int>(state.range(2))).data());
}
BENCHMARK(tsne_attraction_of_affinities)
    ->Args({8500, 2, 1})->Args({8500, 8, 1})->Unit(benchmark::kMillisecond)->UseRealTime();

void perplexity_search(benchmark::State& state) {
  const Neighbors& near = neighbors(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(conditional_probabilities(near, 30, 1).data());
}
BENCHMARK(perplexity_search)->Arg(8500)->Unit(benchmark::kMillisecond)->UseRealTime();

// Little but the symmetrisation: of k equally distant neighbors the search finds the perplexity k at once. Arguments:
// points, threads.
void symmetrised_affinities(benchmark::State& state) {
  Neighbors near = neighbors(state.range(0));
  near.distances.assign(near.distances.size(), 1);
  const auto perplexity = static_cast<double>(near.k);
  const auto threads = static_cast<int>(state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(joint_probabilities(near, perplexity, threads).values.data());
}
BENCHMARK(symmetrised_affinities)
    ->Args({8500, 1})->Args({60000, 1})->Args({60000, 2})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

// All of an iteration of the second phase, at a learning rate that leaves the embedding where it is.
void tsne_iteration(benchmark::State& state) {
  const std::int64_t points = state.range(0), dim = state.range(1);
  const TsneOptions options{.dim = dim,
                            .early_exaggeration_iterations = 0,
                            .learning_rate = 1e-9,
                            .threads = static_cast<int>(state.range(2))};
  Tsne tsne(affinities(points), embedding(points, dim), options);
  for (auto _ : state) tsne.run_until(tsne.iteration() + 1);
}
BENCHMARK(tsne_iteration)
    ->Args({2000, 2, 1})->Args({8500, 2, 1})->Args({8500, 2, 2})->Args({60000, 2, 1})->Args({60000, 2, 2})
    ->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
