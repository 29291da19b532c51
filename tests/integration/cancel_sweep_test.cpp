// `status`, `logs` and `cancel` beside a run: on this machine alone, and with workers that were started by hand.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "integration/mailbox_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::MailboxSweep;

class CancelSweep : public MailboxSweep {
 protected:
  void SetUp() override {
    MailboxSweep::SetUp();
    rules({{{"stage", "train"}, {"attempt", 1}, {"action", "sleep"}, {"text", "60"}}});
  }
  // Once a worker trains.
  Json status_in_training() {
    Json status;
    EXPECT_TRUE(comes_true([&] {
      const CommandResult result = call({"status", "--json"});
      status = Json::parse(result.out, nullptr, false);
      if (!status.is_object()) return false;
      for (const Json& worker : status["workers"]) {
        if (!worker["task"].is_null() && worker["task"]["stage"] == "train") return true;
      }
      return false;
    }));
    return status;
  }
  static bool says(const CommandResult& result, const std::string& text) { return (result.out + result.err).find(text) != std::string::npos; }
};

TEST_F(CancelSweep, ARunOfThisMachineEndsAsByCtrlC) {
  Command sweep(command({"run", (folder_ / "sweep.yaml").string(), "--json", "-j1"}), environment());
  const Json status = status_in_training();
  EXPECT_EQ(status["run"]["sweep"], "fake");
  EXPECT_EQ(status["run"]["executor"], "local");
  ASSERT_EQ(status["workers"].size(), 1U);
  EXPECT_EQ(status["workers"][0]["worker"], "0");
  EXPECT_EQ(status["workers"][0]["task"]["jobs"], 6);
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_EQ(cancelled.out, "the run of fake has ended; `latentgrid run FILE` continues where it stopped\n");
  const CommandResult result = sweep.wait();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_TRUE(says(result, "ended by `latentgrid cancel`: the workers are stopping")) << result.err;
  const CommandResult again = call({"cancel", "fake"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, "there is nothing to cancel for fake\n");
  EXPECT_EQ(call({"cancel", "nothing"}).exit_code, 2);
  rules(Json::array());
  EXPECT_EQ(run()["jobs"]["complete"], 12);
  const std::string job = query("SELECT job FROM results WHERE reduction = 'none' AND epochs = 2 ORDER BY job")[0]["job"];
  const CommandResult logs = call({"logs", job});
  for (const char* task : {"load synthetic, attempt 1, by worker ", "train tiny seed ", " to 1, 2 epochs, attempt 1, by worker ", "encode tiny seed ", "cluster tiny kmeans seed ", "labels synthetic, attempt 1, by worker ",
                           "score tiny kmeans seed "}) {
    EXPECT_TRUE(says(logs, task)) << task << "\n" << logs.out;
  }
  EXPECT_FALSE(says(logs, "== reduce")) << logs.out;
}

TEST_F(CancelSweep, StatusSaysHowFarARunIsAndTheRunWhatEndedIt) {
  Command sweep(command({"run", (folder_ / "sweep.yaml").string(), "-j1"}), environment());
  status_in_training();
  EXPECT_TRUE(comes_true([&] {
    const Json progress = Json::parse(call({"status", "--json"}).out)["run"]["progress"];
    return progress.is_object() && progress["done"] == 1 && progress["total"] > 30;
  }));
  sweep.signal(SIGTERM);
  const CommandResult result = sweep.wait();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_TRUE(says(result, "ended by the signal TERM, as a scheduler sends it before the time limit of a job: the workers are stopping")) << result.err;
}

TEST_F(CancelSweep, ItsWorkersOnOtherMachinesEndToo) {
  auto sweep = coordinator();
  auto one = worker();
  const Json status = status_in_training();
  ASSERT_EQ(status["workers"].size(), 1U);
  EXPECT_LT(status["workers"][0]["heartbeat_s"].get<double>(), 60);
  const std::string name = status["workers"][0]["worker"];
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_TRUE(says(cancelled, "worker " + name + " on ")) << cancelled.out;
  EXPECT_EQ(sweep->wait().exit_code, 130);
  EXPECT_EQ(one->wait().exit_code, 0);
  EXPECT_EQ(call({"cancel", "fake"}).out, "there is nothing to cancel for fake\n");
}

TEST_F(CancelSweep, WorkersThatAKilledRunHasLeftAreSentAway) {
  auto killed = coordinator();
  auto one = worker();
  const std::string job = status_in_training()["workers"][0]["task"]["job"];
  killed->signal(SIGKILL);
  killed->wait();
  EXPECT_TRUE(says(call({"status"}), "was killed, and 1 worker of that run is still there: `latentgrid run FILE` takes it over, `latentgrid cancel fake` ends it"));
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_TRUE(says(cancelled, "was told to stop; it leaves when its task has written a checkpoint")) << cancelled.out;
  EXPECT_EQ(one->wait().exit_code, 0);
  const CommandResult again = call({"cancel", "fake"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_TRUE(says(again, "none of its workers is left")) << again.out;
  EXPECT_TRUE(says(call({"logs", job}), "Z: interrupted\n")) << "it was not killed in the middle of its task";
}

TEST_F(CancelSweep, AFailedTaskIsSaidWithItsWorkersLog) {
  rules({{{"stage", "train"}, {"action", "fail"}, {"text", "diverged: loss is NaN"}}});
  auto sweep = coordinator();
  auto one = worker();
  summary_of(*sweep, 1);
  EXPECT_NE(last_err_.find("failed (diverged): loss is NaN\n  log of the worker on "), std::string::npos) << last_err_;
  EXPECT_NE(last_err_.find(": " + (folder_ / "results/logs/worker-").string()), std::string::npos) << last_err_;
}

}  // namespace
}  // namespace latentgrid
