// Results on a file system that several machines share: which one it is, LATENTGRID_FILE_SYSTEM says. Real processes; the work is
// a fake worker's.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
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
  std::string file_system_ = "shared";
};

TEST_F(SharedResults, ARunWarnsOnceThatTheDatabaseIsInDanger) {
  run();
  EXPECT_EQ(last_err_.find("warning: the database " + (results() / "latentgrid.db").string() + " is on "), last_err_.rfind("warning: "));
  says(last_err_, "the locks that SQLite needs don't hold there between machines, so the database can be damaged or be read wrongly\n  hint: name a file on a local disk with --database PATH");
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
  says(err, "hint: move that one: mv " + (results() / "latentgrid.db").string() + " " + local());
  fs::rename(results() / "latentgrid.db", local());
  EXPECT_EQ(run(0, {"--database", local()}), summary(12, 0, 0, 0, 36, 0));
}

TEST_F(SharedResults, OnAnotherMachineEveryCommandSaysWhereTheDatabaseIs) {
  file_system_ = "local";
  run(0, {"--database", local()});
  write_file(results() / "database.txt", "database /scratch/latentgrid.db\nhost node17\n");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run", (folder_ / "sweep.yaml").string()}, {"ls", "fake"}, {"report", "fake"}, {"gc"}, {"rm", "fake"}}) {
    says(refusal(words), "is on node17, in /scratch/latentgrid.db, and this is ");
  }
  EXPECT_EQ(run(0, {"--database", local()}), summary(12, 0, 0, 0, 36, 0)) << "it was copied here";
  fs::remove(local());
  says(refusal({"ls", "fake"}), "is not there: " + local());
}

TEST_F(SharedResults, TheDatabaseIsAFile) {
  says(refusal({"--database", folder_.path().string(), "status"}), "takes a file, and '" + folder_.path().string() + "' is a folder");
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
  for (int i = 0; i < 1000 && refused.err_so_far().find("waiting") == std::string::npos; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  HeartbeatWriter(results() / "lock.holder").beat();
  const CommandResult result = refused.wait();
  EXPECT_EQ(result.exit_code, 1);
  says(result.err, "another run works in " + results().string() + ": process " + std::to_string(other.process.pid) +
                       " on node17 since 2026-01-01T00:00:00.000Z (run digits.yaml)\n  hint: wait for it to end, or use another folder with --results DIR. If "
                       "that process is dead, remove " + (results() / "lock.holder").string());
}

// Which may happen to one that was stopped for long: what it has recorded stays, and it records no more.
TEST_F(SharedResults, ARunThatWasTakenForDeadEnds) {
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
  Command taken(command({"run", (folder_ / "sweep.yaml").string()}), environment());
  for (int i = 0; i < 1000 && !read_holder(results() / "lock.holder"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
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
  for (int i = 0; i < 1000 && !fs::exists(results() / "artifacts" / "load"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  killed.signal(SIGKILL);
  killed.wait();
  rules(Json::array());
  EXPECT_EQ(run()["jobs"]["complete"], 12);
  EXPECT_EQ(last_err_.find("waiting"), std::string::npos) << last_err_;
  EXPECT_FALSE(fs::exists(results() / "tmp"));
}

}  // namespace
}  // namespace latentgrid
