// Workers that are started by hand and pull their tasks through the results folder. Real processes; the work is a fake worker's.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "integration/mailbox_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::MailboxSweep;

TEST_F(MailboxSweep, GivesWhatProcessesOfThisMachineGive) {
  run();
  const Json local = record();
  results_ = "shared";
  auto sweep = coordinator();
  EXPECT_TRUE(has_said(*sweep, "waiting for workers; start them on machines that share this folder, with: latentgrid-worker --mailbox " +
                                   (folder_ / "shared/mailbox").string()));
  std::vector<std::unique_ptr<Command>> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(worker());
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(record(), local);
  EXPECT_TRUE(has_said(*workers[0], "ready for the tasks of a run in " + (folder_ / "shared").string()));
  for (auto& one : workers) EXPECT_EQ(one->wait().exit_code, 0) << "it leaves when the run has ended";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "shared" / "tmp"));
}

TEST_F(MailboxSweep, AWorkerThatFindsNoRunSaysSo) {
  auto early = worker();
  EXPECT_TRUE(has_said(*early, "no run works in " + (folder_ / results_).string() + " yet: it waits for one; it leaves when the run ends\n"));
  early->signal(SIGTERM);
  EXPECT_EQ(early->wait().exit_code, 0);
}

TEST_F(MailboxSweep, AProcessThatIsKilledIsReplacedAndItsTaskTriedAgain) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "crash"}}});
  auto sweep = coordinator();
  auto one = worker();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_NE(last_err_.find("trying again: train tiny seed 0 to 2 epochs (the worker on "), std::string::npos) << last_err_;
  EXPECT_NE(last_err_.find(" ended: killed by signal 9 (Killed)"), std::string::npos) << last_err_;
}

TEST_F(MailboxSweep, AWorkerThatIsAskedToEndHandsItsTaskBack) {
  rules({{{"stage", "train"}, {"action", "await"}, {"text", (folder_ / "go").string()}}});
  auto sweep = coordinator();
  auto first = worker();
  ASSERT_TRUE(is_running("train"));
  first->signal(SIGTERM);
  EXPECT_EQ(first->wait().exit_code, 0);
  auto second = worker();
  ASSERT_TRUE(is_running("train", 2));
  write("go", "");
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_NE(last_err_.find("has left: a signal told it to end"), std::string::npos) << last_err_;
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures")[0]["n"], 0);
}

// The workers go on with what they do, and the next run takes it over: each gets what it has in hand, and nothing is done twice.
TEST_F(MailboxSweep, ACoordinatorThatIsKilledIsFollowedByAnother) {
  std::string four_trainings = testing::twelve_jobs;
  const std::string two = "seeds: [0, 1]";
  four_trainings.replace(four_trainings.find(two), two.size(), "seeds: [0, 1, 2, 3]");
  write("sweep.yaml", four_trainings + "report: {figures: [importance]}\n");
  rules({{{"stage", "train"}, {"action", "await"}, {"text", (folder_ / "go").string()}}});
  auto killed = coordinator();
  std::vector<std::unique_ptr<Command>> workers;
  for (int i = 0; i < 4; ++i) workers.push_back(worker());
  ASSERT_TRUE(is_running("train", 4));
  killed->signal(SIGKILL);
  killed->wait();
  auto next = coordinator();
  ASSERT_TRUE(comes_true([&] { return taken_over() == 4; }));
  write("go", "");
  EXPECT_EQ(summary_of(*next)["jobs"]["complete"], 24);
  EXPECT_EQ(tasks_begun("train").size(), 4u) << "each training was begun once";
  for (auto& one : workers) EXPECT_EQ(one->wait().exit_code, 0);
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures")[0]["n"], 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / results_ / "mailbox/workers")) << "nothing of those who left stays";
}

TEST_F(MailboxSweep, WhatIsNoWorkersFolderIsLeftAlone) {
  std::filesystem::create_directories(folder_ / results_ / "mailbox/workers/somebodys");
  write(results_ + "/mailbox/workers/.DS_Store", "");
  write(results_ + "/mailbox/workers/notes", "");
  auto sweep = coordinator();
  auto one = worker();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
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

TEST_F(MailboxSweep, AWorkerThatHasNothingToDoLeavesIfItWasToldTo) {
  rules({{{"stage", "train"}, {"action", "await"}, {"text", (folder_ / "go").string()}}});
  auto sweep = coordinator();
  auto first = worker(), second = worker();
  ASSERT_TRUE(is_running("train", 2));
  Command idle({LATENTGRID_BINARY_DIR "/bin/latentgrid-worker", "--mailbox", (folder_ / results_ / "mailbox").string(), "--idle-minutes", "0.1"},
               environment());
  EXPECT_EQ(idle.wait().exit_code, 0);
  EXPECT_TRUE(has_said(*sweep, "has left: there was nothing to do for 6 s"));
  write("go", "");
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
}

}  // namespace
}  // namespace latentgrid
