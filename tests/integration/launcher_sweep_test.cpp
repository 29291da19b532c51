// Sweeps whose workers a scheduler starts that is known by its commands alone. Real processes; scheduler and work are stand-ins.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "integration/fake_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::FakeSweep;
using testing::run_command;

class LauncherSweep : public FakeSweep {
 protected:
  void SetUp() override { use("{script}"); }
  void TearDown() override { run_command({scheduler(), "cancel", jobs(), "*"}); }

  // `script`: what the scheduler is given to run.
  void use(const std::string& script) {
    std::filesystem::create_directories(jobs());
    const std::string command = scheduler() + " {} " + jobs() + " ";
    const auto with = [&](const std::string& what) { return std::string(command).replace(command.find("{}"), 2, what); };
    const Json launcher{{"submit", with("submit") + "{name} {first} {last} " + script},
                        {"list", with("list")},
                        {"columns", "{id} {name} {index} {state} {node}"},
                        {"cancel", with("cancel") + "{name}"},
                        {"workers", 2}};
    write("sweep.yaml", std::string(testing::twelve_jobs) + "report: {figures: [importance]}\nlauncher: " + launcher.dump() + "\n");
  }
  std::unique_ptr<Command> start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"run", (folder_ / "sweep.yaml").string(), "--json", "--executor", "launcher"};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Command>(command(words), environment());
  }
  std::string jobs() const { return (folder_ / "jobs").string(); }
  static std::string scheduler() { return LATENTGRID_SOURCE_DIR "/tests/unit/launch/stand_in_scheduler"; }
};

TEST_F(LauncherSweep, GivesWhatProcessesOfThisMachineGive) {
  results_ = "local";
  run();
  const Json local = query("SELECT * FROM results ORDER BY job");
  results_ = "results";
  const CommandResult result = start()->wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(query("SELECT * FROM results ORDER BY job"), local);
  EXPECT_NE(result.err.find("asked for 2 workers of all (job 1)"), std::string::npos) << result.err;
  const CommandResult again = start({"--set", "launcher.workers=7"})->wait();
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["revision"]["number"], Json::parse(result.out)["revision"]["number"]) << "where it runs is no part of a sweep";
}

TEST_F(LauncherSweep, ADetachedRunIsAJobToo) {
  const CommandResult result = start({"--detach"})->wait();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json said = Json::parse(result.out);
  EXPECT_EQ(said["job"], "1");
  const std::filesystem::path log = said["log"].get<std::string>();
  EXPECT_TRUE(comes_true([&] { return std::filesystem::exists(log) && read_file(log).find("\"complete\":12") != std::string::npos; }))
      << (std::filesystem::exists(log) ? read_file(log) : "no log");
  EXPECT_EQ(query("SELECT count(*) AS n FROM results WHERE state = 'complete'")[0]["n"], 12);
}

TEST_F(LauncherSweep, WorkersThatNeverJoinEndTheRunWithTheirLog) {
  use("/bin/true {script:}");
  const CommandResult result = start()->wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("workers end before they join the run"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("the log says why: "), std::string::npos) << result.err;
}

TEST_F(LauncherSweep, ASectionWithoutCommandsIsRefused) {
  write("sweep.yaml", std::string(testing::twelve_jobs) + "report: {figures: [importance]}\n");
  const CommandResult result = start()->wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("a launcher needs the commands submit, list and cancel"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace latentgrid
