#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"

namespace latentgrid::testing {

// 2 epochs x (pca 2, pca 4, none) x 2 seeds: 12 jobs; load 1, train 2 (one a seed), encode 4, reduce 4, cluster 12, score 12.
inline constexpr const char* twelve_jobs = R"(name: fake
dataset:
  synthetic: {images: 60, classes: 2, seed: 1}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid:
  architecture: tiny
  epochs: [1, 2]
  reduction: [{pca: {dim: [2, 4]}}, none]
  seeds: [0, 1]
)";

class FakeSweep : public SweepFixture {
 protected:
  // Figures without tasks of their own: what is counted are the jobs' tasks.
  void SetUp() override { write("sweep.yaml", std::string(twelve_jobs) + "report: {figures: [importance, slices, costs]}\n"); }

  void rules(const Json& rules) { write("rules.json", rules.dump()); }
  std::map<std::string, std::string> environment() override {
    std::map<std::string, std::string> variables{{"LATENTGRID_WORKER", LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker"}};
    variables["FAKE_WORKER_TASKS"] = (folder_ / "tasks").string();
    if (std::filesystem::exists(folder_ / "rules.json")) variables["FAKE_WORKER_RULES"] = (folder_ / "rules.json").string();
    return variables;
  }
  // Stage and key of every task that a worker began, in order; of one stage, if it is named.
  std::vector<std::string> tasks_begun(const std::string& stage = "") const {
    std::vector<std::string> begun;
    std::ifstream file(folder_ / "tasks");
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(stage)) begun.push_back(line);
    }
    return begun;
  }
  // Of the workers that were busy as a coordinator came, those that tell it of their progress.
  int taken_over() {
    int workers = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / results_ / "mailbox/workers")) {
      const std::string said = read_file(entry.path() / "from_worker");
      const std::size_t busy = said.rfind(" busy ");
      workers += busy != std::string::npos && said.find("progress", busy) != std::string::npos;
    }
    return workers;
  }
  // Up to so many seconds.
  template <typename Condition>
  static bool comes_true(const Condition& condition, double seconds = 60) {
    for (double passed = 0; passed < seconds; passed += 0.02) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
};

// As above, with figures that need tasks of their own: one reconstruct, and for the map of other images load, encode,
// reduce (PCA; t-SNE to 10 and 20 iterations) and three trustworthinesses.
inline const std::string twelve_jobs_with_figures = std::string(twelve_jobs) + R"(report:
  figures:
    - reconstructions
    - map:
        job: best
        dataset: {synthetic: {images: 80, classes: 2, seed: 2}}
        reductions: [pca, {tsne: {perplexity: 5, iterations: [10, 20]}}]
)";

}  // namespace latentgrid::testing
