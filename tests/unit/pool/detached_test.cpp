// Runs that a scheduler is to start, and what others see of them. The scheduler is a list.
#include "pool/detached.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "pool/cluster_executor.hpp"
#include "pool/submissions.hpp"
#include "support/fake_launcher.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using Strings = std::vector<std::string>;

class DetachedTest : public ::testing::Test {
 protected:
  DetachedTest() { std::filesystem::create_directories(logs_); }

  DetachedRun run(const std::string& sweep = "digits", const std::string& executor = "slurm") const {
    DetachedRun run;
    run.argv = {"latentgrid", "run", "sweep.yaml"};
    run.folder = temporary_.path();
    run.logs = logs_;
    run.executor = executor;
    run.sweep = sweep;
    return run;
  }
  DetachedJob submit(const DetachedRun& run) {
    DetachedSubmission submission(run, folder_, launcher_);
    submission.record();
    return submission.submit();
  }
  std::string refusal() {
    try {
      DetachedSubmission(run(), folder_, launcher_);
    } catch (const SchedulerError& error) {
      return text_with_hint(error);
    }
    return "accepted";
  }
  std::string job(int number) { return Submissions(folder_).job_name("coordinator-" + std::to_string(number)); }
  void listed_as(int number, WorkerState state, const std::string& reason = "") {
    ListedWorker worker;
    worker.name = job(number);
    worker.id = "29_0";
    worker.state = state;
    worker.reason = reason;
    scheduler_.workers = {worker};
  }
  SeenRun seen() {
    const std::vector<SubmittedRun> runs = runs_not_begun(folder_);
    EXPECT_EQ(runs.size(), 1U);
    return runs.empty() ? SeenRun() : see_submitted_run(runs.back(), logs_, &launcher_);
  }
  void has_started(int number) { write_file(logs_ / (job(number) + ".log"), ""); }

  testing::TemporaryFolder temporary_;
  const MailboxFolder folder_{temporary_ / "mailbox"};
  const std::filesystem::path logs_ = temporary_ / "logs";
  testing::FakeClock clock_;
  testing::FakeScheduler scheduler_;
  testing::FakeLauncher launcher_{scheduler_};
};

TEST_F(DetachedTest, WaitsUntilItBegins) {
  EXPECT_TRUE(runs_not_begun(folder_).empty());
  EXPECT_FALSE(std::filesystem::exists(folder_.root)) << "who only looks makes no folder";
  EXPECT_EQ(submit(run()).log, logs_ / (job(0) + ".log"));
  listed_as(0, WorkerState::pending, "Priority");
  EXPECT_EQ(seen().run.sweep, "digits");
  EXPECT_EQ(seen().run.executor, "slurm");
  EXPECT_EQ(seen().run.job, job(0));
  EXPECT_EQ(seen().listed->reason, "Priority");
  EXPECT_TRUE(seen().is_alive());
  EXPECT_FALSE(seen().was_removed());
  forget_started_runs(folder_, logs_);
  EXPECT_EQ(runs_not_begun(folder_).size(), 1U) << "another run works, and this one waits all the same";
  has_started(0);
  forget_started_runs(folder_, logs_);
  EXPECT_TRUE(runs_not_begun(folder_).empty());
}

TEST_F(DetachedTest, ASecondIsRefusedUntilTheFirstHasEnded) {
  submit(run());
  listed_as(0, WorkerState::pending);
  EXPECT_EQ(refusal(),
            "a run of digits was submitted from this results folder before, as job 29_0, and has not started yet\n  hint: wait for it, or cancel it with `latentgrid cancel digits`");
  has_started(0);
  listed_as(0, WorkerState::running);
  EXPECT_EQ(refusal(), "a run of digits was submitted from this results folder before, as job 29_0, and plans its work\n  hint: wait for it, or cancel it with `latentgrid cancel digits`");
  scheduler_.list_error = SchedulerError("no answer", "", true);
  EXPECT_EQ(refusal(),
            "a run of digits was submitted from this results folder before, and whether it has ended is not known: no answer\n  hint: try again when the scheduler answers");
  scheduler_.list_error.reset();
  listed_as(0, WorkerState::ended, "CANCELLED");
  submit(run("letters"));
  listed_as(1, WorkerState::pending);
  EXPECT_EQ(seen().run.sweep, "letters");
  EXPECT_EQ(seen().run.job, job(1)) << "no name is used twice";
}

TEST_F(DetachedTest, OneThatWasRemovedIsToldFromOneThatFailedAtOnce) {
  submit(run());
  EXPECT_TRUE(seen().was_removed());
  listed_as(0, WorkerState::ended, "CANCELLED");
  EXPECT_TRUE(seen().was_removed());
  scheduler_.list_error = SchedulerError("no answer", "", true);
  EXPECT_FALSE(seen().was_removed());
  EXPECT_EQ(seen().problem, "no answer");
  scheduler_.list_error.reset();
  EXPECT_FALSE(see_submitted_run(runs_not_begun(folder_).front(), logs_, nullptr).was_removed()) << "nobody was asked";
  has_started(0);
  EXPECT_FALSE(seen().was_removed());
  forget_submitted_run(folder_, job(0));
  forget_submitted_run(folder_, job(0));
  EXPECT_TRUE(runs_not_begun(folder_).empty());
}

TEST_F(DetachedTest, WhatTheSchedulerRefusesIsNotAwaited) {
  scheduler_.submit_error = SchedulerError("invalid account", "", false);
  EXPECT_THROW(submit(run()), SchedulerError);
  EXPECT_TRUE(runs_not_begun(folder_).empty());
  scheduler_.submit_error = SchedulerError("no answer", "", true);
  EXPECT_THROW(submit(run()), SchedulerError);
  EXPECT_EQ(runs_not_begun(folder_).size(), 1U) << "it may be in the queue all the same";
}

TEST_F(DetachedTest, ACopyOfTheFolderHasNone) {
  submit(run());
  write_file(folder_.root / "id", "0000abcd 1");
  EXPECT_TRUE(runs_not_begun(folder_).empty());
}

TEST_F(DetachedTest, TheCommandThatCancelsItNamesTheFileWhereTheSchedulerNeedsIt) {
  EXPECT_EQ(command_to_cancel({"job", "slurm", "digits"}), "`latentgrid cancel digits`");
  EXPECT_EQ(command_to_cancel({"job", "launcher", "digits"}), "`latentgrid cancel FILE`");
}

// `run --detach` asks whether workers could start, and they may be at work already for a run that was killed.
TEST_F(DetachedTest, WhoeverOnlyAsksForItLeavesTheWorkersThatAreThere) {
  Submissions(folder_).record("all", 0, 2);
  ExecutorOptions options;
  options.results = temporary_.path();
  options.logs = logs_;
  options.crews = {{.name = "all", .stages = {"train"}, .gpu_stages = {}, .workers = 2, .resources = {}}};
  for (const bool leaves : {true, false}) {
    scheduler_.said.clear();
    {
      ClusterExecutor executor(options, std::make_unique<testing::FakeLauncher>(scheduler_), clock_);
      if (leaves) executor.leave_workers();
      executor.prepare({{"train", false}});
    }
    EXPECT_EQ(scheduler_.count("check"), 1);
    EXPECT_EQ(scheduler_.count("cancel"), leaves ? 0 : 1);
  }
}

}  // namespace
}  // namespace latentgrid
