// From YAML to a task graph. Argument: seeds; two jobs each.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fstream>

#include "data/digest_cache.hpp"
#include "plan/make_plan.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace latentgrid;

void plan_of_a_sweep(benchmark::State& state) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "sweep.yaml") << fmt::format(R"(name: bench
dataset: {{synthetic: {{images: 100, classes: 2, channels: 1, height: 8, width: 8, seed: 1}}}}
grid:
  architecture: raw
  latent_dim: native
  reduction: [{{pca: {{dim: [2, 4]}}}}]
  seeds: {{range: [1, {}]}}
)",
                                                      state.range(0));
  const ArtifactStore store(folder / "results");
  std::size_t jobs = 0;
  for (auto _ : state) {
    DigestCache digests(store.digest_cache());
    Diagnostics diagnostics;
    const auto plan = make_plan(folder / "sweep.yaml", {}, store, digests, diagnostics);
    if (!plan) return state.SkipWithError("the sweep has errors");
    jobs = plan->expansion.jobs.size();
  }
  state.counters["jobs"] = static_cast<double>(jobs);
}
BENCHMARK(plan_of_a_sweep)->Arg(500)->Arg(5000)->Unit(benchmark::kMillisecond);

}  // namespace
