// Workers that a scheduler starts, where scheduler, workers and time do as the test says.
#include <gmock/gmock.h>

#include "unit/pool/cluster_fixture.hpp"

namespace latentgrid {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ClusterExecutorTest;
using testing::listed_worker;
using testing::Strings;
using testing::train;
using testing::WorkerByHand;

const WorkKind training{"train", false}, training_on_gpu{"train", true}, scoring{"score", false};

TEST_F(ClusterExecutorTest, WorkersAreAskedForWhereThereIsWorkForThem) {
  start();
  turn();
  EXPECT_EQ(asked(), Strings{});
  executor_->expect({{training, 2}, {scoring, 3}});
  turn();
  EXPECT_EQ(asked(), (Strings{"check " + name("cpu"), "submit " + name("cpu") + " 0+3"}));
  turn();
  EXPECT_EQ(events(), (Strings{"asked the scheduler for 3 workers (job 7)"}));
  EXPECT_EQ(protocol::LineReader(folder_.root / "submitted").read(), (Strings{"cpu 0 3"}));
}

TEST_F(ClusterExecutorTest, TasksOnGpusAreForTheCrewThatHasThem) {
  start();
  executor_->expect({{training_on_gpu, 5}});
  turn();
  EXPECT_EQ(asked(), (Strings{"check " + name("gpu"), "submit " + name("gpu") + " 0+2"}));
  WorkerByHand &cpu = ready_worker("a", place("cpu", 0)), &gpu = ready_worker("b", place("gpu", 0));
  EXPECT_TRUE(takes(training_on_gpu, 1));
  executor_->submit(train(1, "k1", 1, "cuda:0"));
  EXPECT_FALSE(takes(training_on_gpu, 1));
  EXPECT_TRUE(takes(training, 1));
  executor_->submit(train(2, "k2"));
  EXPECT_EQ(gpu.tasks(), (Strings{"k1"}));
  EXPECT_EQ(cpu.tasks(), (Strings{"k2"}));
}

TEST_F(ClusterExecutorTest, OneWhoLeavesMakesRoomForAnother) {
  start();
  executor_->expect({{training, 1}});
  turn();
  WorkerByHand& one = ready_worker("a", place("cpu", 0));
  scheduler_.workers = {listed_worker(name("cpu"), 0, WorkerState::running)};
  for (int i = 0; i < 60; ++i) turn();
  EXPECT_EQ(scheduler_.count("submit"), 1);
  one.says("left 1 there was nothing to do for 300 s");
  scheduler_.workers.clear();
  turn();
  turn();
  EXPECT_EQ(asked().back(), "submit " + name("cpu") + " 1+1");
}

TEST_F(ClusterExecutorTest, ARequestIsCheckedOnlyWhereThereIsWorkForIt) {
  start();
  executor_->prepare({training, scoring});
  EXPECT_EQ(asked(), (Strings{"check " + name("cpu")}));
  executor_->prepare({});
  EXPECT_EQ(asked(), Strings{});
  scheduler_.check_error = SchedulerError("no such partition", "", false);
  EXPECT_NO_THROW(executor_->prepare({training})) << "it was checked";
  EXPECT_THROW(executor_->prepare({training_on_gpu}), SchedulerError);
}

TEST_F(ClusterExecutorTest, ASchedulerThatNeverAnsweredIsAnError) {
  scheduler_.list_error = SchedulerError("squeue: no such program", "", false);
  start();
  EXPECT_THROW(turn(), SchedulerError);
}

TEST_F(ClusterExecutorTest, ASchedulerThatIsDownForNowIsWaitedFor) {
  scheduler_.list_error = SchedulerError("the controller does not answer", "", true);
  start();
  executor_->expect({{training, 1}});
  turn();
  EXPECT_EQ(events(), (Strings{"the controller does not answer; the workers go on, and the scheduler is asked again later"}));
  EXPECT_EQ(asked(), Strings{}) << "somebody may be there already";
  scheduler_.list_error.reset();
  for (int i = 0; i < 10; ++i) turn();
  EXPECT_THAT(asked(), Contains("submit " + name("cpu") + " 0+1"));
}

TEST_F(ClusterExecutorTest, AListThatFailsOnceOthersHaveBeenGivenIsSaidOnceAndAskedForLessAndLessOften) {
  start();
  turn();
  scheduler_.list_error = SchedulerError("Munge encode failed", "", false);
  EXPECT_THAT(intervals_of_lists(60 + 10 + 20 + 40 + 60 + 60), ElementsAre(60, 10, 20, 40, 60, 60));
  EXPECT_EQ(events(), (Strings{"Munge encode failed; the workers go on, and the scheduler is asked again later"}));
  scheduler_.list_error = SchedulerError("the controller does not answer", "", true);
  turn(61);
  EXPECT_EQ(events(), (Strings{"the controller does not answer; the workers go on, and the scheduler is asked again later"}));
  scheduler_.list_error.reset();
  turn(61);
  scheduler_.list_error = SchedulerError("the controller does not answer", "", true);
  turn(61);
  EXPECT_EQ(events().size(), 1U) << "it had answered meanwhile";
}

TEST_F(ClusterExecutorTest, AListThatFailsWhileSomebodyIsAwaitedIsNoReasonToAskMoreOften) {
  start();
  executor_->expect({{training, 1}});
  turn();
  scheduler_.list_error = SchedulerError("the controller does not answer", "", true);
  EXPECT_THAT(intervals_of_lists(5 + 10 + 20 + 40 + 60), ElementsAre(5, 10, 20, 40, 60));
}

TEST_F(ClusterExecutorTest, ThoseWhoWaitInALongQueueAreAskedForLessAndLessOften) {
  start();
  executor_->expect({{training, 1}});
  turn();
  scheduler_.workers = {listed_worker(name("cpu"), 0, WorkerState::pending, "Priority")};
  EXPECT_THAT(intervals_of_lists(5 + 5 + 10 + 20 + 40 + 60 + 60), ElementsAre(5, 5, 10, 20, 40, 60, 60));
  scheduler_.workers[0].state = WorkerState::running;
  EXPECT_THAT(intervals_of_lists(60 + 5 + 10), ElementsAre(60, 5, 10)) << "it is about to join";
}

TEST_F(ClusterExecutorTest, WhatAFailedSubmissionDidIsListedSoon) {
  start();
  turn();
  EXPECT_THAT(intervals_of_lists(60), ElementsAre(60));
  executor_->expect({{training, 1}});
  scheduler_.submit_error = SchedulerError("the controller does not answer", "", true);
  turn(1);
  turn(1);
  EXPECT_THAT(events(), ElementsAre("the controller does not answer; trying again in 20 s"));
  EXPECT_THAT(intervals_of_lists(10), ElementsAre(3)) << "5 s after the last one";
}

TEST_F(ClusterExecutorTest, AListThatFailsWhileAStrangerWorksIsOnlyANote) {
  start();
  scheduler_.list_error = SchedulerError("the controller does not answer", "", true);
  ready_worker("a");
  scheduler_.list_error = SchedulerError("Munge encode failed", "", false);
  EXPECT_NO_THROW(turn(61));
}

TEST_F(ClusterExecutorTest, AllCrewsAreCancelledAtOnceAndOneDeadlineIsForAll) {
  scheduler_.holds_cancels = true;
  start();
  executor_->expect({{training, 3}, {training_on_gpu, 1}});
  turn();
  asked();
  const double before = clock_.monotonic_seconds();
  const std::string cpu = name("cpu"), gpu = name("gpu");
  clock_.tick = 6;
  executor_.reset();
  clock_.tick = 0;
  EXPECT_EQ(asked(), (Strings{"cancel " + cpu + " 3", "cancel " + gpu + " 1"}));
  EXPECT_LE(clock_.monotonic_seconds() - before, 36) << "20 s, and the looks at the clock before them";
}

TEST_F(ClusterExecutorTest, CrewsThatNobodyWasAskedForAreNotCancelled) {
  start();
  executor_->expect({{training, 3}});
  turn();
  const std::string cpu = name("cpu");
  asked();
  executor_->stop();
  executor_->terminate();
  EXPECT_EQ(asked(), (Strings{"cancel " + cpu + " 3"}));
  executor_.reset();
  EXPECT_EQ(asked(), Strings{}) << "once is enough";
}

TEST_F(ClusterExecutorTest, ASubmissionUnderWayIsEndedBeforeItsWorkersAreCancelled) {
  scheduler_.holds_submissions = true;
  start();
  executor_->expect({{training, 3}});
  turn();
  const std::string cpu = name("cpu");
  EXPECT_EQ(asked().back(), "submit " + cpu + " 0+3");
  executor_.reset();
  EXPECT_EQ(asked(), (Strings{"submission ended", "cancel " + cpu + " 3"}));
}

TEST_F(ClusterExecutorTest, NoIndexIsUsedTwice) {
  start();
  executor_->expect({{training, 3}});
  turn();
  start();
  asked();
  executor_->expect({{training, 3}});
  turn();
  EXPECT_EQ(asked().back(), "submit " + name("cpu") + " 3+3");
}

TEST_F(ClusterExecutorTest, WorkersOfACopiedFolderHaveOtherNames) {
  start();
  const std::string id = read_file(folder_.root / "id");
  start();
  EXPECT_EQ(read_file(folder_.root / "id"), id);
  executor_.reset();
  testing::TemporaryFolder elsewhere(testing::folder_in_memory());
  std::filesystem::copy(folder_.root, elsewhere / "mailbox", std::filesystem::copy_options::recursive);
  options_.results = elsewhere.path();
  start();
  EXPECT_NE(read_file(elsewhere / "mailbox/id"), id);
  EXPECT_EQ(read_file(folder_.root / "id"), id);
}

TEST_F(ClusterExecutorTest, AWorkerWhoseJobWasStartedAgainIsNotWaitedFor) {
  start();
  executor_->expect({{training, 1}});
  turn();
  WorkerByHand& first = ready_worker("a", place("cpu", 0));
  scheduler_.workers = {listed_worker(name("cpu"), 0, WorkerState::running)};
  executor_->submit(train(7, "k1"));
  falls_silent(first);
  for (int i = 0; i < 40; ++i) turn();
  EXPECT_EQ(scheduler_.count("submit"), 1);
  events();
  WorkerPlace elsewhere = place("cpu", 0);
  elsewhere.node = "n2";
  WorkerByHand& second = ready_worker("b", elsewhere);
  turn();
  EXPECT_THAT(events(), ElementsAre("lost 7 silence", "worker a on n1 (Slurm job 7_0) has left: Slurm has started its job again, as worker b on n2",
                                    "worker b on n2 (Slurm job 7_0) has joined, with 4 cores"));
  EXPECT_FALSE(first.has_folder());
  executor_->submit(train(7, "k1"));
  EXPECT_EQ(second.tasks(), (Strings{"k1"}));
  for (int i = 0; i < 40; ++i) turn();
  EXPECT_EQ(scheduler_.count("submit"), 1) << "the scheduler has replaced it";
}

TEST_F(ClusterExecutorTest, OfTwoThatWereThereFirstTheOneThatStartedLaterStays) {
  WorkerByHand &later = worker("n1-7-2000", place("cpu", 0)), &earlier = worker("n2-9-1000", place("cpu", 0));
  WorkerPlace of_another_job = place("cpu", 0), by_hand = place("", 0);
  of_another_job.scheduler_id = "8_0";
  WorkerByHand &other = worker("n3-1-500", of_another_job), &another = worker("n3-2-400", by_hand);
  start();
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_TRUE(later.has_folder());
  EXPECT_FALSE(earlier.has_folder());
  EXPECT_TRUE(other.has_folder());
  EXPECT_TRUE(another.has_folder());
  EXPECT_EQ(executor_->free_slots(), 0);
  for (WorkerByHand* one : {&later, &other, &another}) one->says_hello("r/1", stages_);
  turn();
  EXPECT_EQ(executor_->free_slots(), 3);
}

TEST_F(ClusterExecutorTest, HowLongASilentWorkerIsWaitedForDependsOnWhatTheSchedulerSays) {
  bool has_folder = false;
  const auto seconds_of_silence = [&](std::optional<ListedWorker> listed) {
    start();
    turn();
    const std::string its_name = "w" + std::to_string(workers_.size());
    WorkerByHand& one = ready_worker(its_name, place("cpu", 0));
    scheduler_.workers.clear();
    if (listed) scheduler_.workers.push_back(*listed);
    turn(61);  // a list
    falls_silent(one);
    const double seconds = seconds_until("worker " + its_name + " on n1 (Slurm job 7_0) has left", 1000);
    has_folder = one.has_folder();
    return seconds;
  };
  start();
  EXPECT_NEAR(seconds_of_silence(std::nullopt), 60, 10);
  EXPECT_FALSE(has_folder) << "the scheduler does not know it, and it gives no sign of life: it is dead";
  EXPECT_NEAR(seconds_of_silence(listed_worker(name("cpu"), 0, WorkerState::running)), 600, 10) << "its node may be slow";
  EXPECT_TRUE(has_folder);
  EXPECT_NEAR(seconds_of_silence(listed_worker(name("cpu"), 0, WorkerState::ended, "FAILED (exit code 3)")), 15, 10);
  EXPECT_FALSE(has_folder);
  EXPECT_NEAR(seconds_of_silence(listed_worker(name("cpu"), 0, WorkerState::ended, "NODE_FAIL")), 60, 10) << "it may live, cut off";
}

TEST_F(ClusterExecutorTest, WhatTheSchedulerSaysOfALostWorkerIsSaidToo) {
  start();
  turn();
  WorkerByHand& one = ready_worker("w1", place("cpu", 0));
  scheduler_.workers = {listed_worker(name("cpu"), 0, WorkerState::ended, "OUT_OF_MEMORY")};
  scheduler_.workers[0].meaning = "it took too much";
  scheduler_.workers[0].remedy = "ask for more";
  turn(61);
  falls_silent(one);
  events();
  for (int i = 0; i < 20; ++i) turn();
  EXPECT_THAT(events(), Contains("worker w1 on n1 (Slurm job 7_0) has left: no sign of life for 15 s; the scheduler says: OUT_OF_MEMORY: it took too much; ask for more"));
}

}  // namespace
}  // namespace latentgrid
