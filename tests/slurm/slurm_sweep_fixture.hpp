#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "integration/fake_sweep_fixture.hpp"
#include "slurm/slurm_cluster.hpp"

namespace latentgrid::testing {

// A sweep, a cluster of its own, and the workers of both; unless environment() says otherwise, they are fake ones.
class SlurmSweep : public FakeSweep {
 protected:
  void SetUp() override {
    ASSERT_TRUE(SlurmCluster::is_installed()) << "install slurmctld, slurmd and slurm-client, as ./run_tests does";
    FakeSweep::SetUp();
    start_cluster();
  }
  void start_cluster(const std::vector<std::string>& settings = {}) {
    cluster_.reset();
    cluster_ = std::make_unique<SlurmCluster>(settings);
  }

  std::unique_ptr<Command> start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"run", (folder_ / "sweep.yaml").string(), "--json", "--executor", "slurm"};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Command>(command(words), environment());
  }
  Json summary_of(Command& run, int expected_exit = 0) {
    const CommandResult result = run.wait();
    EXPECT_EQ(result.exit_code, expected_exit) << result.err;
    last_err_ = result.err;
    Json json = Json::parse(result.out, nullptr, false);
    if (!json.is_object()) return json;
    json.erase("wall_s");
    json.erase("revision");
    return json;
  }
  bool says(const Command& run, const std::string& text) {
    return comes_true([&] { return run.err_so_far().find(text) != std::string::npos; });
  }
  // Processes whose command line has this text.
  std::vector<pid_t> processes(const std::string& text) {
    std::vector<pid_t> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream file(entry.path() / "cmdline");
      const std::string line((std::istreambuf_iterator<char>(file)), {});
      if (line.find(text) != std::string::npos && line.find((folder_ / results_).string()) != std::string::npos) found.push_back(std::stoi(name));
    }
    return found;
  }
  std::vector<pid_t> workers() { return processes("--mailbox"); }
  bool is_training(std::size_t at_least = 1) {
    return comes_true([&] { return tasks_begun("train").size() >= at_least; });
  }
  // Until go().
  void trainings_await_go() { rules({{{"stage", "train"}, {"action", "await"}, {"text", (folder_ / "go").string()}}}); }
  void go() { write("go", ""); }
  Json failures() { return query("SELECT count(*) AS n FROM failures")[0]["n"]; }
  static std::string slurm(std::vector<std::string> argv) { return run_command(std::move(argv)).out; }
  Json record() { return query("SELECT * FROM results ORDER BY job"); }
  Json local_record() {
    results_ = "local";
    run();
    const Json record = this->record();
    results_ = "results";
    std::filesystem::remove(folder_ / "tasks");
    return record;
  }

  std::unique_ptr<SlurmCluster> cluster_;
};

}  // namespace latentgrid::testing
