// What a worker of a mailbox passes on between its process and one coordinator after another.
#include "pool/bridge.hpp"

#include "unit/pool/bridge_fixture.hpp"

namespace latentgrid {
namespace {

using protocol::ArtifactReady;
using protocol::Done;
using protocol::Failed;
using protocol::Progress;
using protocol::Share;
using testing::BridgeTest;
using testing::Strings;
using testing::train;

TEST_F(BridgeTest, AProcessIsStartedForTheFirstConnectionAndStaysForTheNext) {
  start();
  EXPECT_TRUE(processes_.empty());
  coordinator_says("connect a/1 native");
  turn();
  ASSERT_EQ(processes_.size(), 1U);
  worker_says(hello_);
  turn();
  EXPECT_EQ(said(), (Strings{line("a/1", hello_)}));
  coordinator_says("connect b/1 native");
  turn();
  EXPECT_EQ(processes_.size(), 1U);
  EXPECT_EQ(said(), (Strings{line("b/1", hello_)}));
}

TEST_F(BridgeTest, AnotherArithmeticIsAnotherProcess) {
  start_connected();
  coordinator_says("connect a/2 portable");
  turn();
  ASSERT_EQ(processes_.size(), 2U);
  EXPECT_FALSE(processes_[0].is_alive);
  EXPECT_TRUE(process().portable);
}

TEST_F(BridgeTest, ATaskAndWhatIsSaidOfItPassThrough) {
  start_connected();
  coordinator_says("a/1", train(1, "k1"));
  coordinator_says("a/1", Share{1, 3});
  turn();
  EXPECT_EQ(process().given, (Strings{protocol::encode(train(1, "k1")), protocol::encode(Share{1, 3})}));
  worker_says(ArtifactReady{1, 0});
  worker_says(Done{1});
  turn();
  EXPECT_EQ(said(), (Strings{line("a/1", ArtifactReady{1, 0}), line("a/1", Done{1})}));
}

TEST_F(BridgeTest, ATaskThatComesBeforeTheHelloIsGivenAfterIt) {
  start();
  coordinator_says("connect a/1 native");
  coordinator_says("a/1", train(1, "k1"));
  turn();
  EXPECT_EQ(process().given, Strings{});
  worker_says(hello_);
  turn();
  EXPECT_EQ(process().given, (Strings{protocol::encode(train(1, "k1"))}));
}

TEST_F(BridgeTest, OneThatIsBusySaysToTheNextCoordinatorWithWhatAndWhenItNoLongerIs) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  turn();
  EXPECT_EQ(said(), (Strings{"busy b/1 train k1", line("b/1", hello_)}));
  worker_says(ArtifactReady{1, 10});
  turn();
  EXPECT_EQ(said(), Strings{}) << "the new coordinator doesn't know the task";
  worker_says(Done{1});
  turn();
  EXPECT_EQ(said(), (Strings{"free b/1 "}));
}

TEST_F(BridgeTest, TheSameTaskIsTakenOverUnderItsNewNumber) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k1", {20}));  // some of what it does
  coordinator_says("b/1", Share{9, 4});
  turn();
  EXPECT_EQ(process().given, (Strings{protocol::encode(Share{1, 4})})) << "it isn't begun again";
  said();
  worker_says(ArtifactReady{1, 20});
  worker_says(Done{1});
  turn();
  EXPECT_EQ(said(), (Strings{line("b/1", ArtifactReady{9, 20}), line("b/1", Done{9})}));
}

TEST_F(BridgeTest, AnotherTaskWaitsWithTheThreadsThatItWasLent) {
  start_with_a_task();
  for (const protocol::Run& other : {train(9, "k2"), train(10, "k1", {20, 30})}) {
    coordinator_says("connect b/1 native");
    coordinator_says("b/1", other);
    coordinator_says("b/1", Share{other.task, 4});
    turn();
    EXPECT_EQ(process().given, Strings{}) << other.task;
  }
  said();
  worker_says(Done{1});
  turn();
  EXPECT_EQ(said(), (Strings{"free b/1 "}));
  EXPECT_EQ(process().given, (Strings{protocol::encode(train(10, "k1", {20, 30})), protocol::encode(Share{10, 4})}));
  worker_says(Done{10});
  turn();
  EXPECT_EQ(said(), (Strings{line("b/1", Done{10})}));
}

TEST_F(BridgeTest, WhatACoordinatorBeforeSaysIsNotHeard) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("a/1", train(2, "k2"));
  coordinator_says("drop a/1");
  turn();
  worker_says(Done{1});
  turn();
  EXPECT_EQ(process().given, Strings{});
  EXPECT_EQ(processes_.size(), 1U);
  EXPECT_TRUE(process().is_alive);
}

TEST_F(BridgeTest, ADroppedConnectionEndsItsOwnTaskAndNobodyElses) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k2"));
  coordinator_says("drop b/1");
  turn();
  EXPECT_TRUE(process().is_alive);
  coordinator_says("connect c/1 native");
  coordinator_says("c/1", train(5, "k1", {10, 20}));
  turn();
  coordinator_says("drop c/1");
  turn();
  EXPECT_FALSE(process().is_alive);
  EXPECT_EQ(process().given, Strings{}) << "what waited has gone with its connection";
}

TEST_F(BridgeTest, ProgressIsToldOnceASecondAndOnlyTheNewest) {
  start_with_a_task();
  worker_says(Progress{1, 1, 100});
  worker_says(Progress{1, 2, 100});
  turn();
  EXPECT_EQ(said(), (Strings{line("a/1", Progress{1, 2, 100})}));
  for (int done = 3; done <= 11; ++done) {  // 0.9 s
    worker_says(Progress{1, done, 100});
    turn(0.1);
  }
  EXPECT_EQ(said(), Strings{});
  turn(0.2);
  EXPECT_EQ(said(), (Strings{line("a/1", Progress{1, 11, 100})}));
  turn();
  EXPECT_EQ(said(), Strings{}) << "nothing is told twice";
}

TEST_F(BridgeTest, ProgressOfATaskThatHasEndedIsNotTold) {
  start_with_a_task();
  worker_says(Progress{1, 1, 2});
  turn();
  worker_says(Progress{1, 2, 2});
  worker_says(Done{1});
  said();
  turn(0.1);
  turn();
  EXPECT_EQ(said(), (Strings{line("a/1", Done{1})}));
}

TEST_F(BridgeTest, ProgressIsNotToldToACoordinatorThatHasNotGivenTheTask) {
  start_with_a_task();
  worker_says(Progress{1, 1, 9});
  turn();
  worker_says(Progress{1, 2, 9});  // waits for its second
  turn(0.1);
  said();
  coordinator_says("connect b/1 native");
  turn();
  worker_says(Progress{1, 3, 9});
  turn();
  EXPECT_EQ(said(), (Strings{"busy b/1 train k1", line("b/1", hello_)}));
  coordinator_says("b/1", train(9, "k1", {10, 20}));
  turn();
  turn();
  EXPECT_EQ(said(), Strings{}) << "it was said before the task was its own";
  worker_says(Progress{1, 4, 9});
  turn();
  EXPECT_EQ(said(), (Strings{line("b/1", Progress{9, 4, 9})}));
}

TEST_F(BridgeTest, ALineThatIsNoMessageIsTheCoordinatorsToJudge) {
  start_connected();
  process().unread = "this is no message\n";
  turn();
  EXPECT_EQ(said(), (Strings{"line a/1 this is no message"}));
}

TEST_F(BridgeTest, TheMemoryOfAProcessIsNotTakenForThatOfTheNext) {
  start_connected();
  process().resident_kb = 300'000;
  turn(5);
  EXPECT_EQ(told_kb(), 300'000);
  coordinator_says("drop a/1");
  coordinator_says("connect a/2 native");
  turn();
  EXPECT_EQ(processes_.size(), 2U);
  EXPECT_EQ(told_kb(), 0);
}

TEST_F(BridgeTest, AProcessThatEndsIsToldAndReplacedWhenTheNextConnectionCalls) {
  start_with_a_task();
  die({.kind = "signal", .message = "killed by signal 9 (Killed)", .killed_by_others = true});
  turn();
  EXPECT_EQ(said(), (Strings{"ended a/1 killed killed by signal 9 (Killed)"}));
  turn();
  EXPECT_EQ(processes_.size(), 1U);
  coordinator_says("connect a/2 native");
  turn();
  EXPECT_EQ(processes_.size(), 2U);
}

TEST_F(BridgeTest, AProcessThatEndsBeforeItsHelloIsTold) {
  start();
  coordinator_says("connect a/1 native");
  coordinator_says("a/1", train(1, "k1"));
  turn();
  die({"exit", "exit code 127"});
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(said(), (Strings{"ended a/1 exit exit code 127"}));
  EXPECT_EQ(processes_.size(), 1U);
}

TEST_F(BridgeTest, AProcessThatCannotBeStartedIsTold) {
  cannot_start_ = true;
  start();
  coordinator_says("connect a/1 native");
  turn();
  EXPECT_EQ(said(), (Strings{"ended a/1 exit cannot start it"}));
}

// The process of the coordinator before is gone, and with it the program or the room on the disk.
TEST_F(BridgeTest, AWaitingTaskIsNotTriedForEverInProcessesThatDieAtTheirStart) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k2"));
  turn();
  said();
  dies_at_once_ = true;
  die({"signal", "killed by signal 9 (Killed)"});
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(processes_.size(), 2U);
  EXPECT_EQ(said(), (Strings{"free b/1 ", "ended b/1 exit exit code 9"}));
}

TEST_F(BridgeTest, AWaitingTaskIsGivenToTheProcessThatReplacesOneOfAnotherCoordinator) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k2"));
  turn();
  said();
  die({"signal", "killed by signal 9 (Killed)"});
  turn();
  ASSERT_EQ(processes_.size(), 2U);
  worker_says(hello_);
  turn();
  EXPECT_EQ(process().given, (Strings{protocol::encode(train(9, "k2"))}));
  EXPECT_EQ(said(), (Strings{"free b/1 "})) << "the hello was told already";
}

}  // namespace
}  // namespace latentgrid
