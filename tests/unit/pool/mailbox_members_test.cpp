// Workers that join through a folder, every line of which the test writes: who gets what, and when.
#include "pool/mailbox_executor.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/pool/executor_fixture.hpp"

namespace latentgrid {
namespace {

using ::testing::Contains;
using ::testing::StartsWith;
using testing::Strings;
using testing::train;
using testing::WorkerByHand;

const WorkKind training{"train", false}, training_on_gpu{"train", true};

class MailboxExecutorTest : public testing::ExecutorTest {
 protected:
  void start() { executor_ = std::make_unique<MailboxExecutor>(options_, clock_); }
  void start_without_workers() {
    start();
    turn();
    events();
  }
};

TEST_F(MailboxExecutorTest, AWorkerThatJoinsGetsATaskAndSaysWhatCameOfIt) {
  start();
  EXPECT_EQ(executor_->free_slots(), 0);
  turn();
  EXPECT_THAT(events(), Contains(StartsWith("waiting for workers; start them")));
  WorkerByHand& one = ready_worker("w1");
  EXPECT_EQ(events(), (Strings{"worker w1 on n1 has joined, with 4 cores"}));
  EXPECT_EQ(executor_->free_slots(), 1);
  executor_->submit(train(7, "k1"));
  EXPECT_EQ(executor_->free_slots(), 0);
  EXPECT_EQ(one.tasks(), (Strings{"k1"}));
  one.says("line r/1 " + protocol::encode(protocol::Done{7}));
  turn();
  EXPECT_EQ(events(), (Strings{"done 7"}));
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, NothingIsGivenOutBeforeWorkersOfAnEarlierRunHaveSpoken) {
  WorkerByHand& old = worker("old");
  start();
  turn();
  ready_worker("fresh");
  EXPECT_EQ(executor_->free_slots(), 0) << "the old one may do what would be given out";
  old.says("busy r/1 train k1");
  old.says_hello("r/1", stages_);
  turn();
  EXPECT_EQ(executor_->free_slots(), 1);
  EXPECT_EQ(executor_->in_hand(), (std::vector<WorkInHand>{{"train", "k1"}}));
  EXPECT_THAT(events(), Contains("worker old on n1 was taken over with the task that it does, with 4 cores"));
}

TEST_F(MailboxExecutorTest, ADeadWorkerOfAnEarlierRunIsNotWaitedForLong) {
  falls_silent(worker("dead"));
  start();
  turn();
  WorkerByHand& fresh = worker("fresh");
  turn();
  fresh.says_hello("r/1", stages_);
  double seconds = 4;
  for (; seconds < 60 && executor_->free_slots() == 0; seconds += 2) turn();
  EXPECT_GE(seconds, 10);
  EXPECT_LE(seconds, 20);
}

TEST_F(MailboxExecutorTest, OneThatBeatsAndSaysNothingIsWaitedForHalfAMinute) {
  worker("mute");
  start();
  turn();
  ready_worker("fresh");
  double seconds = 6;
  for (; seconds < 60 && executor_->free_slots() == 0; seconds += 2) turn();
  EXPECT_NEAR(seconds, 30, 4);
}

TEST_F(MailboxExecutorTest, AWorkerThatJoinsLaterIsNotWaitedFor) {
  start_without_workers();
  ready_worker("w1");
  worker("w2");
  turn();
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, WorkInHandGoesToWhoHasItAndNobodyElse) {
  start_without_workers();
  WorkerByHand &other = ready_worker("a"), &busy = worker("b");
  turn();
  busy.says("busy r/1 train k1");
  busy.says_hello("r/1", stages_);
  turn();
  EXPECT_EQ(executor_->free_slots(), 1);
  executor_->submit(train(1, "k1"));
  EXPECT_EQ(busy.tasks(), (Strings{"k1"}));
  EXPECT_EQ(other.tasks(), Strings{});
  EXPECT_EQ(executor_->in_hand(), std::vector<WorkInHand>{});
  EXPECT_EQ(executor_->free_slots(), 1) << "the other one";
  busy.says("line r/1 " + protocol::encode(protocol::Done{1}));
  turn();
  EXPECT_EQ(executor_->free_slots(), 2);
}

TEST_F(MailboxExecutorTest, OneThatIsBusyGetsNothingElseUntilItIsFree) {
  start_without_workers();
  WorkerByHand& busy = worker("a", {.host = "n1", .cores = 64});
  turn();
  busy.says("busy r/1 train k1");
  busy.says_hello("r/1", stages_);
  turn();
  WorkerByHand& other = ready_worker("b", {.host = "n2", .cores = 2});
  EXPECT_FALSE(takes(training, 64)) << "there is one for it, but it is busy";
  EXPECT_TRUE(takes(training, 2));
  executor_->submit(train(1, "k2", 2));
  EXPECT_EQ(busy.tasks(), Strings{});
  EXPECT_EQ(other.tasks(), (Strings{"k2"}));
  EXPECT_FALSE(takes(training, 1));
  busy.says("free r/1 ");
  turn();
  EXPECT_EQ(executor_->free_slots(), 1);
  EXPECT_EQ(executor_->in_hand(), std::vector<WorkInHand>{});
}

TEST_F(MailboxExecutorTest, WhatIsNoWorkersFolderIsLeftAlone) {
  std::filesystem::create_directories(folder_.workers() / "somebodys");
  std::ofstream(folder_.workers() / ".DS_Store") << "\n";
  std::filesystem::create_directories(folder_.to_worker("broken"));  // a folder where a file is to be
  std::ofstream(folder_.from_worker("broken")) << "";
  start();
  turn();
  const Strings first = events();
  EXPECT_EQ(std::count_if(first.begin(), first.end(), [](const std::string& text) { return text.starts_with("worker broken can't be used: "); }), 1);
  ready_worker("w1");
  EXPECT_EQ(events(), (Strings{"worker w1 on n1 has joined, with 4 cores"})) << "said once";
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, AWorkerThatSpeaksNonsenseIsSentAwayAndTheOthersGoOn) {
  start_without_workers();
  WorkerByHand& stale = worker("stale");
  stale.says("joined [1, {\"cores\": \"many\"}]");
  turn();
  stale.says_hello("r/1", {{"train", 3}});
  turn();
  EXPECT_THAT(events(), Contains(StartsWith("worker stale can't be used: the-worker was built from other sources")));
  EXPECT_THAT(stale.told(), Contains("leave"));
  ready_worker("w1");
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, AWorkerThatLeavesTakesNoTaskAndItsFolderGoes) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  one.says("leaving it was asked to end");
  turn();
  EXPECT_EQ(executor_->free_slots(), 0);
  EXPECT_FALSE(takes(training, 1));
  events();
  one.says("left 1 it was asked to end");
  turn();
  EXPECT_EQ(events(), (Strings{"worker w1 on n1 has left: it was asked to end"}));
  EXPECT_FALSE(one.has_folder());
}

TEST_F(MailboxExecutorTest, TheTaskOfOneThatIsKilledWhileItIsLeavingIsInterrupted) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  executor_->submit(train(7, "k1"));
  one.says("leaving it was asked to end");
  falls_silent(one);
  EXPECT_NEAR(seconds_until("lost 7 interrupted", 200), 60, 10);
}

TEST_F(MailboxExecutorTest, ATaskThatOneWhoLeftHasNotReadIsReturned) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  executor_->submit(train(7, "k1"));
  one.says("left 1 there was nothing to do for 300 s");
  turn();
  EXPECT_EQ(events().at(1), "returned 7");
}

TEST_F(MailboxExecutorTest, OneThatFallsSilentIsGivenUpAndTold) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  executor_->submit(train(7, "k1"));
  falls_silent(one);
  EXPECT_NEAR(seconds_until("lost 7 silence", 200), 60, 10);
  EXPECT_TRUE(one.has_folder()) << "it finds there that it is to leave";
  EXPECT_EQ(one.told().back(), "leave");
  silent_.clear();
  one.says_hello("r/1", stages_);
  turn();
  turn();
  EXPECT_EQ(executor_->free_slots(), 0) << "it isn't taken in again";
}

TEST_F(MailboxExecutorTest, WhatTheDeadOfEarlierRunsHaveLeftIsRemovedAndTheSilentAreWaitedFor) {
  const auto is_silent_for = [&](const std::string& name, int seconds) {
    falls_silent(worker(name));
    const std::filesystem::path file = folder_.heartbeat(name);
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::seconds(seconds));
  };
  is_silent_for("forgotten", 4000);
  is_silent_for("silent", 2000);
  is_silent_for("told", 90);
  protocol::LineWriter(folder_.to_worker("told")).append("leave");
  start();
  turn();
  ready_worker("fresh");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.workers()), {}), 4) << "the times of their files may be wrong";
  for (int i = 0; i < 35; ++i) turn();
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.workers()), {}), 2);
  EXPECT_TRUE(workers_[1].has_folder());
  EXPECT_TRUE(workers_[3].has_folder());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.root / "joining"));
}

TEST_F(MailboxExecutorTest, OneWhoseClockIsSlowIsNotTakenForDead) {
  start_without_workers();
  WorkerByHand& slow = worker("slow");
  falls_silent(slow);
  const auto beats_by_its_clock = [&] {
    slow.beat();
    std::filesystem::last_write_time(folder_.heartbeat("slow"), std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    turn();
  };
  for (int i = 0; i < 3; ++i) beats_by_its_clock();
  slow.says_hello("r/1", stages_);
  beats_by_its_clock();
  EXPECT_EQ(events(), (Strings{"worker slow on n1 has joined, with 4 cores"}));
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, ASleepOfTheCoordinatorIsNobodysSilence) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  falls_silent(one);
  turn(3600);
  silent_.clear();
  turn();
  EXPECT_EQ(executor_->free_slots(), 1);
}

TEST_F(MailboxExecutorTest, HowToJoinIsSaidAgainWhenNobodyIsLeft) {
  start_without_workers();
  WorkerByHand& one = ready_worker("w1");
  for (int i = 0; i < 5; ++i) turn();
  events();
  one.says("left 1 there was nothing to do for 300 s");
  EXPECT_LE(seconds_until("waiting for workers", 100), 4);
  events();
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(events(), Strings{}) << "and not again and again";
}

TEST_F(MailboxExecutorTest, ATaskGoesToTheWorkerOfFewestCoresThatAreEnough) {
  start_without_workers();
  WorkerByHand &many = ready_worker("a", {.host = "n1", .cores = 64}), &few = ready_worker("b", {.host = "n1", .cores = 8}),
               &one = ready_worker("c", {.host = "n1", .cores = 1});
  executor_->submit(train(1, "k1", 4));
  EXPECT_EQ(few.tasks(), (Strings{"k1"}));
  executor_->submit(train(2, "k2", 4));
  EXPECT_EQ(many.tasks(), (Strings{"k2"}));
  EXPECT_FALSE(takes(training, 4)) << "there are such workers, but they are busy";
  EXPECT_TRUE(takes(training, 1));
  executor_->submit(train(3, "k3"));
  EXPECT_EQ(one.tasks(), (Strings{"k3"}));
}

TEST_F(MailboxExecutorTest, ATaskOnAGpuGoesToAWorkerThatSaysItHasOne) {
  start_without_workers();
  WorkerByHand& without = ready_worker("a", {.host = "n1", .cores = 4});
  EXPECT_FALSE(takes(training_on_gpu, 1));
  WorkerByHand& with = ready_worker("b", {.host = "n1", .cores = 64, .gpus = 1});
  EXPECT_TRUE(takes(training_on_gpu, 1));
  executor_->submit(train(1, "k1", 1, "cuda:0"));
  EXPECT_EQ(without.tasks(), Strings{});
  EXPECT_EQ(with.tasks(), (Strings{"k1"}));
  EXPECT_FALSE(takes(training_on_gpu, 1));
}

TEST_F(MailboxExecutorTest, AllAreToldToLeaveWhenTheRunEnds) {
  start_without_workers();
  WorkerByHand &first = ready_worker("a"), &second = ready_worker("b");
  executor_.reset();
  EXPECT_THAT(first.told(), Contains("leave"));
  EXPECT_THAT(second.told(), Contains("leave"));
}

}  // namespace
}  // namespace latentgrid
