// How a run ends that was asked to, in the round of its jobs and in that of its figures.
#include <gtest/gtest.h>

#include "store/run_note.hpp"
#include "store/staging.hpp"
#include "support/temporary_folder.hpp"
#include "unit/run/run_fixture.hpp"

namespace latentgrid {
namespace {

using namespace testing;

// Interrupts once so many tasks of the stage have started.
void interrupt_at(FakeRun& fake, const std::string& stage, int started = 1, int times = 1) {
  fake.executor.before_wait = [&fake, stage, started, times]() mutable {
    if (fake.executor.count(stage) >= started && times-- > 0) fake.interrupts.arrived = 1;
  };
}

TEST(InterruptedRun, ItsTasksArePendingAndNothingMoreStarts) {
  FakeRun fake;
  interrupt_at(fake, "train");
  EXPECT_EQ(text(fake.run()), "jobs 0 complete 0 failed 0 skipped 2 pending; tasks 2 executed 0 reused 0 failed; interrupted");
  EXPECT_TRUE(fake.executor.stopped);
  EXPECT_TRUE(fake.executor.terminated);
  EXPECT_EQ(fake.rows("failures"), 0);
  EXPECT_EQ(fake.job_states(), "pending, pending");
  EXPECT_NE(fake.out.text.find("interrupted: the workers are stopping; interrupt again to end them at once."), std::string::npos);
}

TEST(InterruptedRun, WhatStillFinishesIsRecorded) {
  FakeRun fake;
  fake.executor.steps_after_stop = {"done"};
  interrupt_at(fake, "score", 2);
  EXPECT_EQ(text(fake.run()), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 9 executed 0 reused 0 failed; interrupted");
  EXPECT_EQ(fake.job_states(), "complete, complete");
}

TEST(InterruptedRun, ATasksOwnFailureIsOneStill) {
  FakeRun fake;
  fake.executor.steps_after_stop = {"fail diverged"};
  interrupt_at(fake, "train");
  EXPECT_EQ(text(fake.run()), "jobs 0 complete 0 failed 1 skipped 1 pending; tasks 2 executed 0 reused 1 failed; interrupted");
  EXPECT_EQ(fake.failures(), "train diverged 1");
}

TEST(InterruptedRun, AWorkerThatDoesNotStopIsEndedAfterTwentySeconds) {
  FakeRun fake;
  fake.executor.steps_after_stop = FakeExecutor::Steps(100, "nothing");
  fake.executor.seconds_a_step = 1;
  interrupt_at(fake, "train");
  const double before = fake.clock.monotonic_seconds();
  EXPECT_TRUE(fake.run().interrupted);
  EXPECT_EQ(fake.clock.monotonic_seconds() - before, 1 + 1 + 20) << "load, the training's first epoch, and the rest";
  EXPECT_TRUE(fake.executor.terminated);
}

TEST(InterruptedRun, ASecondInterruptEndsTheWorkersAtOnce) {
  FakeRun fake;
  fake.executor.steps_after_stop = FakeExecutor::Steps(100, "nothing");
  fake.executor.seconds_a_step = 1;
  interrupt_at(fake, "train", 1, 2);
  const double before = fake.clock.monotonic_seconds();
  EXPECT_TRUE(fake.run().interrupted);
  EXPECT_EQ(fake.clock.monotonic_seconds() - before, 1 + 1 + 1);
  EXPECT_TRUE(fake.executor.terminated);
}

TEST(InterruptedRun, AnotherMachineMayAskForItOnce) {
  const TemporaryFolder folder;
  const ArtifactStore store(folder.path(), "lab.7.1");
  const HeldStaging held(store);
  write_run_note(store, "mnist", "slurm");
  FakeInterrupts signals;
  FakeClock clock;
  RunInterrupts interrupts(signals, store, clock);
  EXPECT_EQ(interrupts.take(), 0);
  EXPECT_EQ(interrupts.what(), "interrupted");
  EXPECT_TRUE(ask_to_end(ArtifactStore(folder.path()), run_notes(store).at(0)));
  EXPECT_EQ(interrupts.take(), 0) << "it looks once a second";
  clock.advance(1);
  EXPECT_EQ(interrupts.take(), 1);
  EXPECT_EQ(interrupts.what(), "ended by `latentgrid cancel`");
  EXPECT_TRUE(ask_to_end(ArtifactStore(folder.path()), run_notes(store).at(0)));
  clock.advance(1);
  EXPECT_EQ(interrupts.take(), 0) << "asking again is no second Ctrl-C, which ends the workers at once";
  signals.arrived = 1;
  EXPECT_EQ(interrupts.take(), 1);
}

// ---- the round of the figures ----

std::string with_figures() {
  std::string text = two_jobs;
  text.erase(text.find("report:"));
  return text + "report: {figures: [{reconstructions: {jobs: {epochs: [1, 2]}}}]}\n";
}

class FiguresRun : public ::testing::Test {
 protected:
  FiguresRun() {
    fake_.run();
    fake_.executor.submitted.clear();
  }
  FakeRun fake_{with_figures()};
};

TEST_F(FiguresRun, MakesWhatTheFiguresNeedAndNoJobHas) {
  std::int64_t listed = 0;
  fake_.executor.before_wait = [&] { listed = fake_.rows("pictures"); };
  const RunSummary summary = fake_.run_figures();
  EXPECT_EQ(summary.tasks_executed, 2);
  EXPECT_EQ(summary.tasks_reused, 0);
  EXPECT_EQ(fake_.executor.stages(), "reconstruct 1, reconstruct 1");
  EXPECT_EQ(listed, 2) << "the report knows what is to come";
  EXPECT_EQ(fake_.rows("artifacts"), 10 + 2);
  fake_.start_again();
  EXPECT_EQ(fake_.run_figures().tasks_reused, 2);
}

TEST_F(FiguresRun, AnInterruptLeavesTheJobsAsTheyAre) {
  fake_.executor.steps = only("reconstruct", {{"nothing", "done"}});
  interrupt_at(fake_, "reconstruct", 2);
  const RunSummary summary = fake_.run_figures();
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.tasks_executed + summary.tasks_failed, 0);
  EXPECT_EQ(fake_.job_states(), "complete, complete");
  EXPECT_EQ(fake_.rows("failures"), 0);
  EXPECT_EQ(fake_.rows("pictures"), 2);
  fake_.start_again();
  EXPECT_EQ(fake_.run_figures().tasks_executed, 2);
}

TEST_F(FiguresRun, ALostWorkerIsReplacedAndAFailureIsNoJobs) {
  fake_.executor.steps = only("reconstruct", {{"lose signal"}, {"fail input"}});
  const RunSummary summary = fake_.run_figures();
  EXPECT_EQ(summary.tasks_failed, 2);
  EXPECT_EQ(fake_.failures(), "reconstruct signal 1, reconstruct signal 1, reconstruct input 2, reconstruct input 2");
  EXPECT_EQ(fake_.job_states(), "complete, complete");
}

}  // namespace
}  // namespace latentgrid
