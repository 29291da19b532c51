// Results on a file system that several machines share: which one it is, LATENTGRID_FILE_SYSTEM says. Real processes; the work is
// a fake worker's.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "base/file_system.hpp"
#include "base/holder.hpp"
#include "integration/fake_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::FakeSweep;
namespace fs = std::filesystem;

class SharedResults : public FakeSweep {
 protected:
  std::map<std::string, std::string> environment() override {
    std::map<std::string, std::string> variables = FakeSweep::environment();
    variables["LATENTGRID_FILE_SYSTEM"] = file_system_;
    return variables;
  }
  fs::path results() { return folder_ / results_; }
  std::string local() { return (folder_ / "local" / "latentgrid.db").string(); }
  std::string refusal(const std::vector<std::string>& words) {
    const CommandResult result = call(words);
    EXPECT_NE(result.exit_code, 0) << result.out;
    return result.err;
  }
  void says(const std::string& text, const std::string& part) { EXPECT_NE(text.find(part), std::string::npos) << part << " is not in: " << text; }
  std::vector<std::string> without_locks(const std::vector<std::string>& words) {
    std::vector<std::string> argv = command(words);
    argv.insert(argv.begin(), LATENTGRID_BINARY_DIR "/bin/without-locks");
    return argv;
  }
  static bool locks_can_be_forbidden() { return testing::run_command({LATENTGRID_BINARY_DIR "/bin/without-locks", "/bin/true"}).exit_code == 0; }
  std::string file_system_ = "shared";
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void wait_until(const std::function<bool()>& is_so) {
  for (int i = 0; i < 3000 && !is_so(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

TEST_F(SharedResults, ARunWarnsOnceThatTheDatabaseIsInDanger) {
  run();
  EXPECT_EQ(last_err_.find("warning: the database " + (results() / "latentgrid.db").string() + " is on "), last_err_.rfind("warning: "));
  says(last_err_, "SQLite's locks don't work between machines there, so it can be damaged or read wrongly\n  hint: keep it on a local disk with --database PATH");
  const CommandResult read = call({"ls", "fake"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_EQ(read.err.find("warning"), std::string::npos) << read.err;
}

TEST_F(SharedResults, OnALocalDiskNothingIsSaid) {
  file_system_ = "local";
  run();
  EXPECT_EQ(last_err_.find("warning"), std::string::npos) << last_err_;
  EXPECT_FALSE(fs::exists(results() / "tmp"));
}

TEST_F(SharedResults, TheDatabaseIsWhereItWasPutAndThatIsRemembered) {
  file_system_ = "local";
  EXPECT_EQ(run(0, {"--database", local()}), summary(12, 0, 0, 36, 0, 0));
  EXPECT_TRUE(fs::exists(local()));
  EXPECT_FALSE(fs::exists(results() / "latentgrid.db"));
  EXPECT_EQ(query("SELECT count(*) AS n FROM results")[0]["n"], 12);
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0)) << "without the option";
  EXPECT_FALSE(fs::exists(results() / "latentgrid.db"));
  const CommandResult report = call({"report", "fake"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  const Json usage = Json::parse(call({"du", "--json"}).out);
  EXPECT_EQ(usage["beside"]["database"], fs::file_size(local()));
  EXPECT_GE(usage["beside"]["other"], 0);
  says(call({"du"}).out, "All files of the results folder and its database together are ");
  fs::copy_file(local(), folder_ / "copy.db");
  const CommandResult of_copy = call({"--database", (folder_ / "copy.db").string(), "status", "--json"});
  EXPECT_EQ(Json::parse(of_copy.out)["sweeps"][0]["jobs"]["complete"], 12) << of_copy.err;
  says(read_file(results() / "database.txt"), local());
}

TEST_F(SharedResults, ADatabaseThatIsThereIsMovedFirst) {
  file_system_ = "local";
  run();
  fs::create_directory(folder_ / "local");
  const std::string err = refusal({"run", (folder_ / "sweep.yaml").string(), "--database", local()});
  says(err, "hint: move it there: mv " + (results() / "latentgrid.db").string() + " " + local());
  fs::rename(results() / "latentgrid.db", local());
  EXPECT_EQ(run(0, {"--database", local()}), summary(12, 0, 0, 0, 36, 0));
}

TEST_F(SharedResults, OnAnotherMachineEveryCommandSaysWhereTheDatabaseIs) {
  file_system_ = "local";
  run(0, {"--database", local()});
  write_file(results() / "database.txt", "database /scratch/latentgrid.db\nhost node17\n");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run", (folder_ / "sweep.yaml").string()}, {"ls", "fake"}, {"report", "fake"}, {"gc"}, {"rm", "fake"}}) {
    says(refusal(words), "is /scratch/latentgrid.db on node17, and this is ");
  }
  write_file(results() / "database.txt", "database " + local() + "\nhost node17\n");
  says(refusal({"ls", "fake"}), "run this command on node17; if that was this machine's name before, add --database " + local() + " once");
  EXPECT_EQ(run(0, {"--database", local()}), summary(12, 0, 0, 0, 36, 0)) << "it was copied here";
  EXPECT_EQ(call({"ls", "fake"}).exit_code, 0);
  fs::remove(local());
  says(refusal({"ls", "fake"}), "is not there: " + local());
}

TEST_F(SharedResults, TheDatabaseIsAFile) {
  says(refusal({"--database", folder_.path().string(), "status"}), "takes a file, and '" + folder_.path().string() + "' is a folder");
}

TEST_F(SharedResults, ADetachedRunNeedsADatabaseThatAllMachinesHave) {
  file_system_ = "local";
  const std::string said = refusal({"--database", local(), "run", (folder_ / "sweep.yaml").string(), "--executor", "slurm", "--detach"});
  says(said, "--detach starts the run on another machine, and the database " + local() + " is on a disk of this one");
  says(said, "while no run uses the database, move it into the results folder with `mv " + local() + " ");
  EXPECT_FALSE(fs::exists(local()));
}

// Somebody on another machine who beats, and somebody who does not any more.
TEST_F(SharedResults, ARunOfAnotherMachineKeepsThisOneAway) {
  file_system_ = "local";
  run();
  file_system_ = "shared";
  Holder other{this_process(), "run digits.yaml", "2026-01-01T00:00:00.000Z", "an id", 7};
  other.process.host = "node17";
  other.process.boot = "another";
  write_file(results() / "lock.holder", to_text(other));
  Command refused(command({"run", (folder_ / "sweep.yaml").string()}), environment());
  wait_until([&] { return has(refused.err_so_far(), "waiting"); });
  HeartbeatWriter(results() / "lock.holder").beat();
  const CommandResult result = refused.wait();
  EXPECT_EQ(result.exit_code, 1);
  says(result.err, "another run works in " + results().string() + ": process " + std::to_string(other.process.pid) +
                       " on node17 since 2026-01-01T00:00:00.000Z (run digits.yaml)\n  hint: wait for it to end, end it with `latentgrid cancel SWEEP` (`latentgrid status` names the sweep), or use another folder with --results DIR. If "
                       "that process is dead, remove " + (results() / "lock.holder").string());
}

// Which may happen to one that was stopped for long: what it has recorded stays, and it records no more.
TEST_F(SharedResults, ARunThatWasTakenForDeadEnds) {
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
  Command taken(command({"run", (folder_ / "sweep.yaml").string()}), environment());
  wait_until([&] { return read_holder(results() / "lock.holder").has_value(); });
  Holder other{this_process(), "", "", "an id", 1};
  write_file_atomically(results() / "lock.holder", to_text(other));
  const CommandResult result = taken.wait();
  EXPECT_EQ(result.exit_code, 1);
  says(result.err, "another process has taken over " + results().string());
  EXPECT_EQ(read_holder(results() / "lock.holder")->id, "an id");
}

TEST_F(SharedResults, AfterAKilledRunTheNextOneGoesOnAtOnceAndLeavesNothingBehind) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "sleep"}, {"text", "60"}}});
  Command killed(command({"run", (folder_ / "sweep.yaml").string()}), environment());
  wait_until([&] { return fs::exists(results() / "artifacts" / "load"); });
  killed.signal(SIGKILL);
  killed.wait();
  rules(Json::array());
  EXPECT_EQ(run()["jobs"]["complete"], 12);
  EXPECT_EQ(last_err_.find("waiting"), std::string::npos) << last_err_;
  EXPECT_FALSE(fs::exists(results() / "tmp"));
}

TEST_F(SharedResults, WithoutFlockAndRenameNoReplaceAWholeSweepRuns) {
  if (!locks_can_be_forbidden()) GTEST_SKIP() << "seccomp is not allowed here";
  const CommandResult first = testing::run_command(without_locks({"--database", local(), "run", (folder_ / "sweep.yaml").string(), "--json"}), environment());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(Json::parse(first.out)["tasks"]["executed"], 36);
  EXPECT_FALSE(fs::exists(results() / "tmp"));
  const CommandResult again = testing::run_command(without_locks({"run", (folder_ / "sweep.yaml").string(), "--json"}), environment());
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["tasks"]["reused"], 36);
  const CommandResult report = testing::run_command(without_locks({"report", "fake"}), environment());
  EXPECT_EQ(report.exit_code, 0) << report.err;
}

TEST_F(SharedResults, WithoutFlockOneOfTwoRunsThatBeginAtOnceWorks) {
  if (!locks_can_be_forbidden()) GTEST_SKIP() << "seccomp is not allowed here";
  const std::vector<std::string> words{"--database", local(), "run", (folder_ / "sweep.yaml").string(), "--json"};
  for (int turn = 0; turn < 5; ++turn) {
    results_ = "results" + std::to_string(turn);
    fs::remove_all(folder_ / "local");
    rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
    Command one(without_locks(words), environment()), two(without_locks(words), environment());
    wait_until([&] { return has(one.err_so_far() + two.err_so_far(), "another run works"); });
    Command& refused = has(one.err_so_far(), "another run works") ? one : two;
    Command& working = &refused == &one ? two : one;
    const std::string who = "another run works in " + results().string() + ": process " + std::to_string(working.pid()) + " on " + host_name() + " since ";
    const CommandResult loser = refused.wait();
    EXPECT_EQ(loser.exit_code, 1);
    says(loser.err, who);
    says(loser.err, "(run " + (folder_ / "sweep.yaml").string() + ")");
    working.signal(SIGSTOP);  // which is no death
    const CommandResult third = testing::run_command(without_locks(words), environment());
    says(third.err, who);
    working.signal(SIGCONT);
    wait_until([&] { return fs::exists(results() / "artifacts" / "load"); });
    working.signal(SIGKILL);
    const CommandResult winner = working.wait();
    EXPECT_EQ(winner.exit_code, 128 + SIGKILL) << winner.err;
    rules(Json::array());
    const CommandResult next = testing::run_command(without_locks(words), environment());
    ASSERT_EQ(next.exit_code, 0) << next.err;
    EXPECT_EQ(Json::parse(next.out)["jobs"]["complete"], 12);
    EXPECT_FALSE(has(next.err, "waiting")) << next.err;
  }
}

}  // namespace
}  // namespace latentgrid
