// Sweeps whose workers a scheduler starts that is known by its commands alone. Real processes; scheduler and work are stand-ins.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <set>
#include <string>

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
  EXPECT_NE(result.err.find("asked the scheduler for 2 workers (job 1)"), std::string::npos) << result.err;
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

TEST_F(LauncherSweep, StatusAndCancelAskTheSchedulerByTheCommandsOfTheFile) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "sleep"}, {"text", "60"}}});
  const std::string file = (folder_ / "sweep.yaml").string();
  auto run = start();
  const auto states = [&](const std::string& asked) {
    const Json json = Json::parse(call({"status", asked, "--json"}).out, nullptr, false);
    std::multiset<std::string> all;
    if (!json.is_object()) return all;
    for (const Json& worker : json["workers"]) all.insert(worker["scheduler"].is_null() ? "" : worker["scheduler"]["state"].dump());
    return all;
  };
  const std::multiset<std::string> both_run = {"\"running\"", "\"running\""};
  EXPECT_TRUE(comes_true([&] { return states(file) == both_run; }));
  const std::multiset<std::string> both_without_a_state = {"", ""};
  EXPECT_TRUE(comes_true([&] { return states("fake") == both_without_a_state; })) << "once they have joined: the scheduler may call them running before";
  EXPECT_NE(call({"status"}).err.find("the scheduler was not asked: latentgrid takes its commands only from a sweep file that you name; `latentgrid status FILE` asks it\n"), std::string::npos);
  run->signal(SIGKILL);
  run->wait();
  const CommandResult by_name = call({"cancel", "fake"});
  EXPECT_EQ(by_name.exit_code, 1);
  EXPECT_NE(by_name.err.find("the jobs in the scheduler's queue were not cancelled: latentgrid takes the scheduler's commands only from a sweep file that you name\n  hint: `latentgrid cancel " + file + "` cancels them\n"),
            std::string::npos)
      << by_name.err;
  const CommandResult by_file = call({"cancel", file});
  EXPECT_EQ(by_file.exit_code, 0) << by_file.err;
  EXPECT_TRUE(comes_true([&] { return run_command({scheduler(), "list", jobs()}).out.find(" r ") == std::string::npos; }));
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
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("sweep.yaml has no section 'launcher', which --executor launcher needs to start its workers\n"
                            "  hint: write launcher: {submit: ..., list: ..., columns: ..., cancel: ...} into the file; docs/cluster.md has "),
            std::string::npos)
      << result.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / results_ / "latentgrid.db")) << "it is said before anything is recorded";
}

}  // namespace
}  // namespace latentgrid
