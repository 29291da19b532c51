// How many workers of a kind are asked for and when, from a scheduler that does as the test says.
#include "pool/crew.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_launcher.hpp"

namespace latentgrid {
namespace {

using ::testing::HasSubstr;
using testing::listed_worker;
using Strings = std::vector<std::string>;

const SchedulerError unreachable("the controller does not answer", "", true);

class CrewTest : public ::testing::Test {
 protected:
  CrewTest() {
    options_.name = "train";
    options_.stages = {"train"};
    options_.workers = 3;
    request_.name = "lg-train";
  }
  Crew& crew() {
    if (!crew_) crew_ = std::make_unique<Crew>(options_, request_, next_index_, launcher_, clock_);
    return *crew_;
  }
  void list(std::vector<ListedWorker> workers, double seconds_ago = 0) {
    crew().listed(workers, clock_.monotonic_seconds() - seconds_ago, events_);
  }
  std::vector<ListedWorker> all(std::initializer_list<int> indices, WorkerState state, const std::string& reason = "") {
    std::vector<ListedWorker> workers;
    for (int index : indices) workers.push_back(listed_worker("lg-train", index, state, reason));
    return workers;
  }
  void want(std::int64_t tasks) {
    crew().poll(events_);
    crew().want(tasks, events_, [&](int first, int count) {
      scheduler_.said.push_back("record " + std::to_string(first) + "+" + std::to_string(count));
      return can_record_;
    });
    crew().poll(events_);
  }
  // Since the last call.
  Strings notes() {
    Strings texts;
    for (const ExecutorEvent& event : std::exchange(events_, {})) texts.push_back(std::get<WorkerNote>(event).text);
    return texts;
  }
  Strings said() { return std::exchange(scheduler_.said, {}); }

  testing::FakeScheduler scheduler_;
  testing::FakeLauncher launcher_{scheduler_};
  testing::FakeClock clock_;
  CrewOptions options_;
  WorkerRequest request_;
  int next_index_ = 0;
  bool can_record_ = true;
  std::vector<ExecutorEvent> events_;
  std::unique_ptr<Crew> crew_;
};

TEST_F(CrewTest, AsManyWorkersAreAskedForAsThereAreTasksAndMayBe) {
  want(2);
  EXPECT_EQ(said(), Strings{}) << "somebody may be there already";
  list({});
  want(2);
  EXPECT_EQ(notes(), (Strings{"asked the scheduler for 2 workers for train (job 7)"}));
  EXPECT_EQ(crew().alive(), 2);
  clock_.advance(20);
  want(9);
  EXPECT_EQ(notes(), (Strings{"asked the scheduler for 1 worker for train (job 7)"}));
  clock_.advance(20);
  want(9);
  EXPECT_EQ(notes(), Strings{});
}

TEST_F(CrewTest, ThoseThatAnEarlierRunHasAskedForAreCounted) {
  next_index_ = 2;
  list(all({0, 1}, WorkerState::pending));
  want(9);
  EXPECT_EQ(said().back(), "submit lg-train 2+1");
}

TEST_F(CrewTest, TheIndicesAreOnTheDiskBeforeTheSchedulerIsAsked) {
  list({});
  want(3);
  EXPECT_EQ(said(), (Strings{"record 0+3", "check lg-train", "submit lg-train 0+3"}));
}

TEST_F(CrewTest, NobodyIsAskedForWhoseIndexCannotBeNotedDown) {
  can_record_ = false;
  list({});
  want(3);
  EXPECT_EQ(said(), (Strings{"record 0+3"}));
  EXPECT_EQ(notes(), (Strings{"cannot record which workers are asked for; trying again in 20 s"}));
  can_record_ = true;
  clock_.advance(21);
  list({});
  want(3);
  EXPECT_EQ(said(), (Strings{"record 3+3", "check lg-train", "submit lg-train 3+3"})) << "the first ones may be on the disk";
}

TEST_F(CrewTest, WorkersThatEndBeforeTheyJoinEndTheRunWithTheirLog) {
  list({});
  want(3);
  clock_.advance(30);
  list(all({0, 1, 2}, WorkerState::ended, "FAILED (exit code 3)"));
  try {
    want(3);
    FAIL() << "they would be asked for again and again";
  } catch (const SchedulerError& error) {
    EXPECT_STREQ(error.what(), "workers end before they join the run: 3 ended (FAILED (exit code 3))");
    EXPECT_EQ(error.hint(), "the log says why: /logs/lg-train-2.log");
  }
}

TEST_F(CrewTest, WorkersThatTheSchedulerNoLongerKnowsHaveEnded) {
  list({});
  want(3);
  list({}, 5);
  EXPECT_EQ(crew().alive(), 3) << "it was asked before they were asked for";
  clock_.advance(60);
  list({});
  EXPECT_EQ(crew().alive(), 0);
  EXPECT_THROW(want(3), SchedulerError);
}

TEST_F(CrewTest, AsLongAsSomebodyWorksFailuresOfOthersDoNotEndTheRun) {
  for (const bool helped : {false, true}) {
    crew_.reset();
    list({});
    want(3);
    if (!helped) crew().joined(0);
    crew().set_helped(helped);
    clock_.advance(30);
    list({});
    for (int again = 0; again < 3; ++again) {
      EXPECT_NO_THROW(want(3));
      clock_.advance(30);
      list({});
    }
  }
}

TEST_F(CrewTest, WorkersOfAnEarlierRunThatEndAreNoFailureOfThisOne) {
  next_index_ = 4;
  list(all({0, 1, 2, 3}, WorkerState::running));
  clock_.advance(10);
  list(all({0, 1, 2, 3}, WorkerState::ended, "COMPLETED"));
  EXPECT_NO_THROW(want(3));
  EXPECT_EQ(said().back(), "submit lg-train 4+3");
}

TEST_F(CrewTest, WorkersThatSomebodyCancelsAreNoFailure) {
  list({});
  want(3);
  clock_.advance(30);
  list(all({0, 1, 2}, WorkerState::ended, "CANCELLED by 1000"));
  said();
  EXPECT_NO_THROW(want(3));
  EXPECT_EQ(said(), (Strings{"record 3+3", "submit lg-train 3+3"}));
}

TEST_F(CrewTest, OneThatJoinsShowsThatTheyCan) {
  list({});
  want(3);
  clock_.advance(30);
  list(all({0, 1}, WorkerState::ended, "FAILED (exit code 3)"));
  crew().joined(2);
  crew().left(2);
  clock_.advance(30);
  EXPECT_NO_THROW(want(1));
  clock_.advance(30);
  list({});
  EXPECT_NO_THROW(want(1)) << "one more since then";
}

TEST_F(CrewTest, AListThatIsOlderThanAFailedSubmissionDoesNotSayWhatItDid) {
  list({});
  scheduler_.submit_error = unreachable;
  want(3);
  scheduler_.submit_error.reset();
  said();
  clock_.advance(30);
  list({}, 31);  // asked a second before it failed
  want(3);
  EXPECT_EQ(said(), Strings{});
  list(all({0, 1, 2}, WorkerState::pending), 29);  // it was done all the same
  want(3);
  EXPECT_EQ(said(), Strings{});
  EXPECT_EQ(crew().alive(), 3);
}

TEST_F(CrewTest, SubmissionsThatFailAreTriedAgainAfterLongerAndLongerPauses) {
  list({});
  scheduler_.submit_error = unreachable;
  Strings all;
  for (int i = 0; i < 6; ++i) {
    want(1);
    const Strings some = notes();
    ASSERT_EQ(some.size(), 1U);
    all.push_back(some[0].substr(some[0].find(';') + 2));
    const double pause = std::stod(all.back().substr(std::string("trying again in ").size()));
    list({});
    clock_.advance(pause - 1);
    want(1);
    EXPECT_EQ(notes(), Strings{}) << pause;
    clock_.advance(1);
  }
  EXPECT_EQ(all, (Strings{"trying again in 20 s", "trying again in 40 s", "trying again in 80 s", "trying again in 160 s", "trying again in 300 s",
                          "trying again in 300 s"}));
  crew().joined(0);
  crew().left(0);
  want(1);
  EXPECT_THAT(notes().at(0), HasSubstr("trying again in 20 s"));
}

TEST_F(CrewTest, WhatTheSchedulerRefusesEndsTheRunUnlessSomebodyWorks) {
  list({});
  scheduler_.submit_error = SchedulerError("no such partition", "", false);
  EXPECT_THROW(want(1), SchedulerError);
  crew_.reset();
  list({});
  crew().set_helped(true);
  EXPECT_NO_THROW(want(1));
  EXPECT_THAT(notes().at(0), HasSubstr("no such partition"));
}

TEST_F(CrewTest, WhyAWorkerWillNotStartIsSaidOnce) {
  std::vector<ListedWorker> workers = all({0, 1}, WorkerState::pending, "AssocMaxJobsLimit");
  for (ListedWorker& worker : workers) worker.stuck = true;
  next_index_ = 2;
  list(workers);
  list(workers);
  EXPECT_EQ(notes(), (Strings{"worker 7_0 for train waits, and will not start unless something changes: AssocMaxJobsLimit"}));
}

TEST_F(CrewTest, WhyAWorkerHasNotStartedForAWhileIsSaidOnceWithWhatCanBeDone) {
  list({});
  want(2);
  notes();
  std::vector<ListedWorker> workers = all({0, 1}, WorkerState::pending, "Resources");
  for (ListedWorker& worker : workers) {
    worker.meaning = "other jobs use the nodes";
    worker.remedy = "ask for less";
  }
  for (int i = 0; i < 10; ++i) {
    list(workers);
    clock_.advance(i == 5 ? 40 : 4);
    const Strings due = i == 6 ? Strings{"worker 7_0 for train waits: Resources: other jobs use the nodes\n  hint: ask for less"} : Strings{};
    EXPECT_EQ(notes(), due) << "most workers wait for a few seconds";
  }
}

// "ReqNodeNotAvail, UnavailableNodes:n[1-20]" changes with every node that comes back.
TEST_F(CrewTest, WhyAWorkerWaitsIsNotSaidAgainWhereTheSchedulerNamesOtherNodes) {
  next_index_ = 1;
  for (const char* reason : {"ReqNodeNotAvail, UnavailableNodes:n[1-20]", "ReqNodeNotAvail, UnavailableNodes:n[1-19]", "ReqNodeNotAvail, Reserved for maintenance"}) {
    std::vector<ListedWorker> workers = all({0}, WorkerState::pending, reason);
    workers[0].meaning = "nodes that it could run on are down";
    list(workers);
    clock_.advance(40);
  }
  list(all({0}, WorkerState::pending, "Not Running: 8 of 10 nodes are busy, n1-n8"));
  list(all({0}, WorkerState::pending, "Not Running: 9 of 10 nodes are busy, n1-n9"));
  EXPECT_EQ(notes(), (Strings{"worker 7_0 for train waits: ReqNodeNotAvail, UnavailableNodes:n[1-19]: nodes that it could run on are down",
                              "worker 7_0 for train waits: Not Running: 8 of 10 nodes are busy, n1-n8"}));
}

TEST_F(CrewTest, TheNameOfACrewForManyStagesIsNotSaid) {
  options_.stages = {"load", "score"};
  list({});
  want(1);
  EXPECT_EQ(notes(), Strings{"asked the scheduler for 1 worker (job 7)"});
}

TEST_F(CrewTest, OneThatJoinsBeforeItsSubmissionIsAnsweredIsNotAwaited) {
  scheduler_.holds_submissions = true;
  list({});
  want(2);
  crew().joined(0);
  scheduler_.answer_what_is_held();
  want(2);
  EXPECT_EQ(crew().alive(), 2);
  crew().left(0);
  EXPECT_EQ(crew().alive(), 1);
}

TEST_F(CrewTest, ASubmissionThatIsUnderWayIsNotRepeated) {
  scheduler_.holds_submissions = true;
  list({});
  want(3);
  EXPECT_EQ(crew().alive(), 3);
  clock_.advance(100);
  want(3);
  EXPECT_EQ(scheduler_.count("submit "), 1);
  EXPECT_EQ(notes(), Strings{});
  scheduler_.answer_what_is_held();
  want(3);
  EXPECT_EQ(notes(), (Strings{"asked the scheduler for 3 workers for train (job 7)"}));
}

}  // namespace
}  // namespace latentgrid
