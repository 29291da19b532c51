// The key of a task as plain as k-means: what planning does once for each.
#include <benchmark/benchmark.h>

#include "base/key.hpp"

namespace {

void key_of_a_task(benchmark::State& state) {
  const latentgrid::Json params = {{"method", "kmeans"}, {"k", 2}, {"n_init", 10}, {"max_iterations", 300}, {"tolerance", 1e-4}};
  const std::string input(64, 'a');
  std::int64_t seed = 0;
  for (auto _ : state) {
    latentgrid::KeyBuilder key;
    key.add("stage", "cluster").add("version", 1).add("params", params).add("points", input).add("seed", ++seed);
    benchmark::DoNotOptimize(key.key());
  }
}
BENCHMARK(key_of_a_task);

}  // namespace
