// What becomes of workers whose time limit is near.
#include <gmock/gmock.h>

#include <algorithm>

#include "unit/pool/cluster_fixture.hpp"

namespace latentgrid {
namespace {

using ::testing::Contains;
using testing::listed_worker;
using testing::Strings;
using testing::train;
using testing::WorkerByHand;

const WorkKind training{"train", false}, training_on_gpu{"train", true}, scoring{"score", false}, reducing{"reduce", false};

class TimeLimitTest : public testing::ClusterExecutorTest {
 protected:
  // One of the crew cpu whose job has run for so long, and which has done a task unless it is new.
  WorkerByHand& worker_with_limit(int index, std::int64_t limit_s, std::int64_t ago_s, bool is_new = false, int cores = 4) {
    WorkerPlace where = place("cpu", index);
    where.cores = cores;
    where.scheduler_id = "7_" + std::to_string(index);
    WorkerByHand& one = ready_worker("w" + std::to_string(index), where);
    ListedWorker listed = listed_worker(name("cpu"), index, WorkerState::running);
    listed.since = clock_.seconds_since_1970() - ago_s;
    listed.limit = limit_s > 0 ? listed.since + limit_s : 0;
    scheduler_.workers.push_back(listed);
    turn(61);  // a list
    if (is_new) return one;
    executor_->submit(train(99, "before"));
    turn();
    one.says("line r/1 " + protocol::encode(protocol::Done{99}));
    turn();
    one.told();
    events();
    return one;
  }

  // What a run does once a turn while this task stays ready. Whether somebody has left.
  bool leaves_within(double seconds, const std::vector<LongTask>& ready) {
    events();
    for (double passed = 0; passed <= seconds; passed += 1) {
      executor_->send_away_those_without_time_for(ready);
      turn(1);
    }
    const Strings said = events();
    return std::any_of(said.begin(), said.end(), [](const std::string& text) { return text.ends_with("has left: its time limit is too near for what there is to do"); });
  }
};

TEST_F(TimeLimitTest, AWorkerWithTooLittleTimeForWhatThereIsLeavesAndAnotherOneIsAskedFor) {
  start();
  executor_->expect({{scoring, 1}});
  turn();
  WorkerByHand& one = worker_with_limit(0, 3600, 1800);  // some 1600 s are left before its warning
  EXPECT_TRUE(takes(scoring, 1, 1500));
  EXPECT_TRUE(takes(training, 1, 1e6)) << "it goes on from a checkpoint";
  EXPECT_TRUE(takes(scoring, 1, 3000)) << "a new one could not do it either";
  turn();
  EXPECT_EQ(events(), Strings{});
  EXPECT_EQ(scheduler_.count("submit"), 1);
  EXPECT_EQ(executor_->taker_of(scoring, 1, 1700), Taker::nobody_with_enough_time);
  EXPECT_EQ(executor_->taker_of(training_on_gpu, 1, 1700), Taker::nobody) << "one with more time would not take it either";
  EXPECT_FALSE(leaves_within(60, {})) << "a question sends nobody away";
  EXPECT_FALSE(leaves_within(12, {{scoring, 1, 1700}})) << "another one's end may make something short ready";
  EXPECT_FALSE(leaves_within(12, {})) << "it had something else to do";
  EXPECT_FALSE(leaves_within(12, {{scoring, 1, 1700}}));
  EXPECT_FALSE(leaves_within(12, {{scoring, 1, 1000}}));
  EXPECT_TRUE(leaves_within(18, {{training_on_gpu, 1, 1e5}, {scoring, 1, 1700}}));
  EXPECT_THAT(one.told(), Contains("leave"));
  EXPECT_EQ(asked().back(), "submit " + name("cpu") + " 1+1");
}

TEST_F(TimeLimitTest, AReductionThatOthersCanGoOnWithIsBegun) {
  options_.crews = {{.name = "cpu", .stages = {"train", "reduce", "cluster"}, .gpu_stages = {}, .workers = 3, .resources = {}}};
  start();
  turn();
  worker_with_limit(0, 7200, 3600);
  EXPECT_TRUE(takes(reducing, 1, 5400));
  EXPECT_FALSE(takes({"cluster", false}, 1, 5400));
}

TEST_F(TimeLimitTest, OneThatIsTooSmallOrBusyLacksNoTime) {
  start();
  turn();
  worker_with_limit(0, 3600, 1800, false, 2);
  WorkerByHand& large = worker_with_limit(1, 3600, 0, true, 64);
  executor_->submit(train(1, "k1", 64));
  EXPECT_EQ(large.tasks(), (Strings{"k1"}));
  EXPECT_FALSE(leaves_within(30, {{scoring, 8, 1700}})) << "the large one is waited for";
  executor_->submit(train(2, "k2"));
  EXPECT_FALSE(leaves_within(30, {{scoring, 1, 1700}}));
}

TEST_F(TimeLimitTest, NobodyStartsATrainingJustBeforeItsEnd) {
  start();
  turn();
  worker_with_limit(0, 3600, 3350);  // some 30 s before its warning
  EXPECT_TRUE(takes(training, 1, 20));
  EXPECT_FALSE(takes(training, 1, 1000));
}

TEST_F(TimeLimitTest, WhatOneHasTooLittleTimeForGoesToAnotherAndNobodyLeaves) {
  start();
  turn();
  WorkerByHand &old = worker_with_limit(0, 3600, 1800), &fresh = worker_with_limit(1, 3600, 0, true, 64);
  EXPECT_TRUE(takes(scoring, 1, 2000));
  protocol::Run run = train(1, "k1");
  run.stage = "score";
  executor_->submit(run, 2000);
  EXPECT_EQ(old.tasks(), Strings{});
  EXPECT_EQ(fresh.tasks(), (Strings{"k1"}));
  EXPECT_FALSE(leaves_within(30, {}));
}

TEST_F(TimeLimitTest, OneThatIsNewOrHasNoLimitTakesWhatThereIs) {
  start();
  turn();
  worker_with_limit(0, 3600, 3000, true);
  EXPECT_TRUE(takes(scoring, 1, 2000)) << "else no worker might ever take it";
  executor_->submit(train(1, "k1"));
  EXPECT_FALSE(takes(scoring, 1, 2000));
  worker_with_limit(1, 0, 100'000);
  EXPECT_TRUE(takes(scoring, 1, 2000));
}

}  // namespace
}  // namespace latentgrid
