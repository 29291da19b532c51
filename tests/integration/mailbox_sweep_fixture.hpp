#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "integration/fake_sweep_fixture.hpp"

namespace latentgrid::testing {

// A run whose workers are started by hand. The work is a fake worker's.
class MailboxSweep : public FakeSweep {
 protected:
  std::unique_ptr<Command> coordinator() {
    return std::make_unique<Command>(command({"run", (folder_ / "sweep.yaml").string(), "--json", "--executor", "mailbox"}), environment());
  }
  std::unique_ptr<Command> worker(std::map<std::string, std::string> more = {}) {
    std::map<std::string, std::string> variables = environment();
    variables.insert(more.begin(), more.end());
    std::filesystem::create_directories(folder_ / results_);  // the run may not have made it yet
    return std::make_unique<Command>(
        std::vector<std::string>{LATENTGRID_BINARY_DIR "/bin/latentgrid-worker", "--mailbox", (folder_ / results_ / "mailbox").string()},
        variables);
  }
  Json summary_of(Command& run, int expected_exit = 0) {
    const CommandResult result = run.wait();
    EXPECT_EQ(result.exit_code, expected_exit) << result.err;
    last_err_ = result.err;
    Json json = Json::parse(result.out, nullptr, false);
    EXPECT_TRUE(json.is_object()) << result.out << result.err;
    if (!json.is_object()) return json;
    json.erase("wall_s");
    json.erase("revision");
    return json;
  }
  bool is_running(const std::string& stage, std::size_t tasks = 1) {
    return comes_true([&] { return tasks_begun(stage).size() >= tasks; });
  }
  bool has_said(const Command& run, const std::string& text) {
    return comes_true([&] { return run.err_so_far().find(text) != std::string::npos; });
  }
  // Of every job: its scores, losses, parameters and times, which are the same ones for a fake worker's tasks.
  Json record() { return query("SELECT * FROM results ORDER BY job"); }
};

}  // namespace latentgrid::testing
