#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file_system.hpp"
#include "pool/cluster_executor.hpp"
#include "support/fake_launcher.hpp"
#include "unit/pool/executor_fixture.hpp"

namespace latentgrid::testing {

// Workers that a scheduler starts, where scheduler, workers and time do as the test says.
class ClusterExecutorTest : public ExecutorTest {
 protected:
  ClusterExecutorTest() {
    ::setenv("LATENTGRID_NODE_WORKER", "/programs/worker", 1);
    options_.crews = {{.name = "cpu", .stages = {"train", "score"}, .gpu_stages = {}, .workers = 3, .resources = {}},
                      {.name = "gpu", .stages = {"reduce"}, .gpu_stages = {"train"}, .workers = 2, .resources = {}}};
  }
  ~ClusterExecutorTest() override {
    executor_.reset();
    ::unsetenv("LATENTGRID_NODE_WORKER");
  }

  void start() { executor_ = std::make_unique<ClusterExecutor>(options_, std::make_unique<FakeLauncher>(scheduler_), clock_); }
  // Under which the scheduler knows a crew's workers.
  std::string name(const std::string& crew) const {
    const std::string id = read_file(folder_.root / "id");
    return "latentgrid-" + id.substr(0, id.find(' ')) + "-" + crew;
  }
  static WorkerPlace place(const std::string& crew, int index) { return {.host = "n1", .cores = 4, .scheduler = "Slurm", .scheduler_id = "7_0", .crew = crew, .index = index}; }
  // What the scheduler was asked to do since the last call, but for its lists.
  Strings asked() {
    Strings all = std::exchange(scheduler_.said, {});
    std::erase(all, "list");
    return all;
  }
  // How long it was between the lists that are asked for while the clock moves so far.
  std::vector<double> intervals_of_lists(double seconds) {
    std::vector<double> intervals;
    double since = 0;
    scheduler_.said.clear();
    for (double now = 1; now <= seconds; ++now) {
      turn(1);
      if (scheduler_.count("list") == 0) continue;
      scheduler_.said.clear();
      intervals.push_back(now - std::exchange(since, now));
    }
    return intervals;
  }

  FakeScheduler scheduler_;
};

}  // namespace latentgrid::testing
