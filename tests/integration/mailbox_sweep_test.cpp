// Workers that are started by hand and pull their tasks through the results folder. Real processes; the work is a fake worker's.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include "base/file_system.hpp"
#include "integration/fake_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::FakeSweep;

class MailboxSweep : public FakeSweep {
 protected:
  std::unique_ptr<Command> coordinator() {
    return std::make_unique<Command>(command({"run", (folder_ / "sweep.yaml").string(), "--json", "--executor", "mailbox"}), environment());
  }
  std::unique_ptr<Command> worker(std::map<std::string, std::string> more = {}) {
    std::map<std::string, std::string> variables = environment();
    variables.insert(more.begin(), more.end());
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
  // Up to 20 s.
  template <typename Condition>
  bool comes_true(const Condition& condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  bool is_running(const std::string& stage) {
    return comes_true([&] {
      std::size_t lines = 0;
      for (const std::string& text : said_to_workers()) lines += text.find("\"stage\":\"" + stage + "\"") != std::string::npos;
      return lines > 0;
    });
  }
  std::vector<std::string> said_to_workers() {
    std::vector<std::string> texts;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / results_ / "mailbox" / "workers", ignored)) {
      if (std::filesystem::exists(entry.path() / "to_worker")) texts.push_back(read_file(entry.path() / "to_worker"));
    }
    return texts;
  }
  std::size_t times_said(const std::string& what) {
    std::size_t times = 0;
    for (const std::string& text : said_to_workers()) {
      for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
    }
    return times;
  }
  bool has_said(const Command& run, const std::string& text) {
    return comes_true([&] { return run.err_so_far().find(text) != std::string::npos; });
  }
  // Of every job: its scores, losses, parameters and times, which are the same ones for a fake worker's tasks.
  std::string record() { return query("SELECT * FROM results ORDER BY job").dump(); }
};

TEST_F(MailboxSweep, GivesWhatProcessesOfThisMachineGive) {
  run();
  const std::string local = record();
  results_ = "shared";
  auto sweep = coordinator();
  EXPECT_TRUE(has_said(*sweep, "waiting for workers; start them on machines that share this folder, with: latentgrid-worker --mailbox " +
                                   (folder_ / "shared/mailbox").string()));
  std::vector<std::unique_ptr<Command>> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(worker());
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_TRUE(record() == local);
  for (auto& one : workers) EXPECT_EQ(one->wait().exit_code, 0) << "it leaves when the run has ended";
}

TEST_F(MailboxSweep, AProcessThatIsKilledIsReplacedAndItsTaskTriedAgain) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "crash"}}});
  auto sweep = coordinator();
  auto one = worker();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_NE(last_err_.find("trying again: train tiny seed 0 to 2 epochs (the worker ended: killed by signal 9 (Killed)"), std::string::npos)
      << last_err_;
}

TEST_F(MailboxSweep, AWorkerThatIsAskedToEndHandsItsTaskBack) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "sleep"}, {"text", "8"}}});
  auto sweep = coordinator();
  auto first = worker();
  ASSERT_TRUE(is_running("train"));
  first->signal(SIGTERM);
  EXPECT_EQ(first->wait().exit_code, 0);
  auto second = worker();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_NE(last_err_.find("has left: it was asked to end"), std::string::npos) << last_err_;
}

// The workers go on with what they do, and the next run takes it over: nothing is done twice.
TEST_F(MailboxSweep, ACoordinatorThatIsKilledIsFollowedByAnother) {
  const std::string training = R"("stage":"train","task")";
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "3"}}});
  auto killed = coordinator();
  auto one = worker(), two = worker();
  ASSERT_TRUE(has_said(*killed, "has joined"));
  ASSERT_TRUE(comes_true([&] { return times_said(training) >= 2; }));
  const std::size_t asked = times_said(training);
  killed->signal(SIGKILL);
  killed->wait();
  auto next = coordinator();
  EXPECT_EQ(summary_of(*next)["jobs"]["complete"], 12);
  EXPECT_EQ(times_said(training), 2 * asked) << "each training was asked for by both";
  EXPECT_EQ(one->wait().exit_code, 0);
  EXPECT_EQ(two->wait().exit_code, 0);
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures")[0]["n"], 0);
}

TEST_F(MailboxSweep, AWorkerOfAnotherBuildIsSentAwayAndTheOthersGoOn) {
  write("stale.json", R"([{"stage": "hello", "action": "stale"}])");
  auto sweep = coordinator();
  auto stale = worker({{"FAKE_WORKER_RULES", (folder_ / "stale.json").string()}});
  EXPECT_EQ(stale->wait().exit_code, 0);
  auto good = worker();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_NE(last_err_.find("was built from other sources than this program"), std::string::npos) << last_err_;
}

TEST_F(MailboxSweep, AnInterruptedRunLetsItsWorkersGoAndTheNextOneGoesOn) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "sleep"}, {"text", "8"}}});
  auto interrupted = coordinator();
  auto first = worker();
  ASSERT_TRUE(is_running("train"));
  interrupted->signal(SIGINT);
  EXPECT_EQ(summary_of(*interrupted, 130)["jobs"]["complete"], 0);
  EXPECT_EQ(first->wait().exit_code, 0);
  rules(Json::array());
  auto sweep = coordinator();
  auto second = worker();
  EXPECT_EQ(summary_of(*sweep)["jobs"]["complete"], 12);
}

TEST_F(MailboxSweep, AnIdleWorkerLeaves) {
  Command idle({LATENTGRID_BINARY_DIR "/bin/latentgrid-worker", "--mailbox", (folder_ / "results/mailbox").string(), "--idle-minutes", "0.005"},
               environment());
  EXPECT_EQ(idle.wait().exit_code, 0);
}

}  // namespace
}  // namespace latentgrid
