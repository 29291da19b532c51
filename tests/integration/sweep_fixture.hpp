#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::testing {

// A sweep file and a results folder of its own, and the program run on them.
class SweepFixture : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  virtual std::map<std::string, std::string> environment() { return {}; }

  std::vector<std::string> command(const std::vector<std::string>& words) {
    std::vector<std::string> argv{program_, "--results", (folder_ / results_).string()};
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
  }
  CommandResult call(const std::vector<std::string>& words) { return run_command(command(words), environment()); }

  // `run --json`: checks the exit code and that stdout is one line; gives that line without the time and the revision.
  Json run(int expected_exit = 0, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run", (folder_ / "sweep.yaml").string(), "--json", "-j2"};
    words.insert(words.end(), more.begin(), more.end());
    CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, expected_exit) << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out << result.err;
    last_err_ = result.err;
    Json summary = Json::parse(result.out, nullptr, false);
    EXPECT_TRUE(summary.is_object()) << result.out << result.err;
    if (summary.is_object()) {
      summary.erase("wall_s");
      last_revision_ = summary.value("revision", Json());
      summary.erase("revision");
    }
    return summary;
  }
  Json plan() {
    CommandResult result = call({"plan", (folder_ / "sweep.yaml").string(), "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
  Json query(const std::string& sql) { return Json::parse(call({"query", sql, "--json"}).out, nullptr, false); }

  static Json summary(int complete, int failed, int skipped, int executed, int reused, int tasks_failed) {
    return {{"jobs", {{"complete", complete}, {"failed", failed}, {"skipped", skipped}}},
            {"tasks", {{"executed", executed}, {"reused", reused}, {"failed", tasks_failed}}}};
  }

  TemporaryFolder folder_;
  std::string program_ = LATENTGRID_BINARY_DIR "/bin/latentgrid";
  std::string results_ = "results";
  std::string last_err_;
  Json last_revision_;  // what the last run said of the sweep's revision
};

}  // namespace latentgrid::testing
