#include "schedule/scheduler.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace latentgrid;

namespace {

// Each entry lists what the task reads; all are to be executed unless named in `published`.
TaskGraph graph_of(const std::vector<std::vector<int>>& inputs, const std::set<int>& published = {}) {
  TaskGraph graph;
  graph.tasks.resize(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    graph.tasks[i].extents = {0};
    if (!published.contains(static_cast<int>(i))) graph.tasks[i].missing = {0};
    for (int input : inputs[i]) {
      graph.tasks[i].inputs.push_back({"in", input, 0});
      graph.tasks[input].dependents.push_back(static_cast<int>(i));
    }
  }
  return graph;
}

// 0 -> 1 -> 3, 0 -> 2 -> 4
const std::vector<std::vector<int>> two_branches{{}, {0}, {0}, {1}, {2}};

}  // namespace

TEST(Scheduler, HandsOutTheLongestPathFirst) {
  TaskGraph graph = graph_of(two_branches);
  Scheduler scheduler(graph, {10, 3, 8, 1, 2});
  EXPECT_EQ(scheduler.next(2), 0);
  EXPECT_EQ(scheduler.next(1), std::nullopt);
  scheduler.finished(0);
  EXPECT_EQ(scheduler.next(2), 2);
  EXPECT_EQ(scheduler.next(1), 1);
  scheduler.finished(2);
  EXPECT_EQ(scheduler.next(1), 4);
}

TEST(Scheduler, ATaskThatNeedsAGpuWaitsForOneAndHoldsUpNoOther) {
  TaskGraph graph = graph_of({{}, {}, {}, {}});
  graph.tasks[0].on_gpu = graph.tasks[1].on_gpu = graph.tasks[2].on_gpu = true;
  graph.tasks[1].gpu = 1;
  Scheduler scheduler(graph, {3, 4, 2, 1});
  EXPECT_EQ(scheduler.next(4, {1, 0}), 0);
  EXPECT_EQ(scheduler.next(3, {0, 0}), 3);
  EXPECT_EQ(scheduler.next(2, {0, 0}), std::nullopt);
  EXPECT_EQ(scheduler.next(2, {0}), std::nullopt);  // there is no GPU 1
  EXPECT_EQ(scheduler.next(2, {0, 1}), 1);
  EXPECT_EQ(scheduler.next(1, {1, 0}), 2);
}

TEST(Scheduler, ATaskThatNobodyTakesHoldsUpNoneOfAnotherKind) {
  TaskGraph graph = graph_of({{}, {}, {}});
  graph.tasks[0].stage = graph.tasks[1].stage = "reduce";
  graph.tasks[2].stage = "score";
  Scheduler scheduler(graph, {2, 3, 1});
  const auto next = [&](int refused) {
    return scheduler.next(4, {}, [&](int task, const WorkKind& kind, std::int64_t) {
      EXPECT_EQ(kind.stage, graph.tasks[static_cast<std::size_t>(task)].stage);
      return task == refused ? Taker::nobody : Taker::somebody;
    });
  };
  EXPECT_EQ(next(1), 2);
  EXPECT_EQ(next(1), std::nullopt);
  EXPECT_EQ(next(0), 1);
}

TEST(Scheduler, BehindATaskThatNobodyHasTimeForAShortOneIsFound) {
  TaskGraph graph = graph_of(std::vector<std::vector<int>>(200));
  for (TaskNode& task : graph.tasks) task.stage = "cluster";
  graph.tasks[0].stage = "reduce";
  std::vector<double> seconds(200), priority(200);
  for (std::size_t task = 0; task < 200; ++task) priority[task] = seconds[task] = task == 0 ? 3 : 1000 - static_cast<double>(task);
  Scheduler scheduler(graph, priority);
  int asked = 0;
  const auto next = [&](double most, Taker refusal = Taker::nobody_with_enough_time) {
    asked = 0;
    return scheduler.next(4, {}, [&](int task, const WorkKind&, std::int64_t) { return ++asked, seconds[static_cast<std::size_t>(task)] <= most ? Taker::somebody : refusal; });
  };
  EXPECT_EQ(next(990), 10) << "the longest that there is time for";
  EXPECT_EQ(next(990, Taker::nobody), 0) << "no other one of the kind would be taken";
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(next(990), 11);
  EXPECT_EQ(next(2), std::nullopt);
  EXPECT_EQ(asked, 64) << "of 197";
}

TEST(Scheduler, EqualPrioritiesOfUnequalNeedsGoToTheFirstThatFits) {
  TaskGraph graph = graph_of({{}, {}, {}, {}});
  graph.tasks[0].threads = graph.tasks[3].threads = 2;
  Scheduler scheduler(graph, {1, 1, 1, 2});
  EXPECT_EQ(scheduler.next(2), 3);
  EXPECT_EQ(scheduler.next(1), 1);
  scheduler.finished(1);
  scheduler.retry(3);
  EXPECT_EQ(scheduler.next(1), 3);  // nothing runs
  scheduler.finished(3);
  EXPECT_EQ(scheduler.next(2), 0);
  EXPECT_EQ(scheduler.next(2), 2);
  EXPECT_EQ(scheduler.next(2), std::nullopt);
}

TEST(Scheduler, TiesGoToTheFirst) {
  TaskGraph graph = graph_of({{}, {}, {}});
  Scheduler scheduler(graph, {1, 1, 1});
  EXPECT_EQ(scheduler.next(3), 0);
  EXPECT_EQ(scheduler.next(2), 1);
}

TEST(Scheduler, PublishedTasksAreReusedAndUnblockWhatReadsThem) {
  TaskGraph graph = graph_of(two_branches, {0, 1});
  Scheduler scheduler(graph, {0, 0, 2, 1, 1});
  EXPECT_EQ(scheduler.count(TaskState::reused), 2);
  EXPECT_EQ(scheduler.next(2), 2);
  EXPECT_EQ(scheduler.next(1), 3);
}

TEST(Scheduler, AFailureSkipsEverythingDownstreamAndNothingElse) {
  TaskGraph graph = graph_of(two_branches);
  Scheduler scheduler(graph, {5, 4, 3, 2, 1});
  scheduler.next(1);
  scheduler.finished(0);
  EXPECT_EQ(scheduler.next(1), 1);
  scheduler.failed(1);
  EXPECT_EQ(scheduler.state(3), TaskState::skipped);
  EXPECT_EQ(scheduler.next(1), 2);
  scheduler.finished(2);
  EXPECT_EQ(scheduler.next(1), 4);
  scheduler.finished(4);
  EXPECT_TRUE(scheduler.idle());
}

TEST(Scheduler, WhatReadsAnExtentLeftBeforeTheFailureStillRuns) {
  TaskGraph graph = graph_of({{}, {0}, {0}});
  graph.tasks[0].extents = graph.tasks[0].missing = {10, 20};
  graph.tasks[1].inputs[0].extent = 10;
  graph.tasks[2].inputs[0].extent = 20;
  Scheduler scheduler(graph, {3, 2, 1});
  scheduler.next(1);
  scheduler.failed(0, {10});
  EXPECT_EQ(scheduler.next(1), 1);
  EXPECT_EQ(scheduler.state(2), TaskState::skipped);
}

namespace {

// 0 leaves 10 and 20; 1 reads 10, 2 reads 20, 3 reads both.
TaskGraph two_extents(const std::vector<std::int64_t>& missing) {
  TaskGraph graph = graph_of({{}, {0}, {0}, {0, 0}});
  graph.tasks[0].extents = {10, 20};
  graph.tasks[0].missing = missing;
  graph.tasks[1].inputs[0].extent = graph.tasks[3].inputs[0].extent = 10;
  graph.tasks[2].inputs[0].extent = graph.tasks[3].inputs[1].extent = 20;
  return graph;
}

}  // namespace

TEST(Scheduler, WhatReadsAnExtentNeedNotWaitForTheLongerOnes) {
  TaskGraph graph = two_extents({10, 20});
  Scheduler scheduler(graph, {4, 3, 2, 1});
  EXPECT_EQ(scheduler.next(2), 0);
  EXPECT_EQ(scheduler.next(1), std::nullopt);
  scheduler.published(0, 10);
  scheduler.published(0, 10);  // said again by a worker that goes on after another
  EXPECT_EQ(scheduler.next(1), 1);
  EXPECT_EQ(scheduler.next(1), std::nullopt);
  scheduler.finished(1);
  scheduler.published(0, 20);
  scheduler.finished(0);
  EXPECT_EQ(scheduler.next(1), 2);
  EXPECT_EQ(scheduler.next(1), 3);
  scheduler.finished(2);
  scheduler.finished(3);
  EXPECT_EQ(scheduler.count(TaskState::done), 4);
}

TEST(Scheduler, WhatReadsAnExtentThatWasThereBeforeTheRunStartsAtOnce) {
  TaskGraph graph = two_extents({20});
  Scheduler scheduler(graph, {4, 3, 2, 1});
  EXPECT_EQ(scheduler.next(2), 0);
  EXPECT_EQ(scheduler.next(1), 1);
  EXPECT_EQ(scheduler.next(1), std::nullopt);
  scheduler.finished(0);
  EXPECT_EQ(scheduler.next(1), 2);
  EXPECT_EQ(scheduler.next(1), 3);
}

TEST(Scheduler, AFailureAfterAnExtentSkipsOnlyWhatReadsTheOthers) {
  TaskGraph graph = two_extents({10, 20});
  Scheduler scheduler(graph, {4, 3, 2, 1});
  scheduler.next(2);
  scheduler.published(0, 10);
  EXPECT_EQ(scheduler.next(1), 1);
  scheduler.failed(0, {10});
  EXPECT_EQ(scheduler.state(2), TaskState::skipped);
  EXPECT_EQ(scheduler.state(3), TaskState::skipped);
  scheduler.finished(1);
  EXPECT_TRUE(scheduler.idle());
  EXPECT_EQ(scheduler.count(TaskState::done), 1);
}

TEST(Scheduler, ARetriedTaskIsHandedOutAgain) {
  TaskGraph graph = graph_of({{}});
  Scheduler scheduler(graph, {1});
  scheduler.next(1);
  scheduler.retry(0);
  EXPECT_FALSE(scheduler.idle());
  EXPECT_EQ(scheduler.next(1), 0);
}

TEST(Scheduler, WaitsForThreadsUnlessNothingRuns) {
  TaskGraph graph = graph_of({{}, {}});
  graph.tasks[0].threads = 4;
  Scheduler scheduler(graph, {1, 2});
  EXPECT_EQ(scheduler.next(2), 1);
  EXPECT_EQ(scheduler.next(1), std::nullopt);  // four threads don't fit beside it
  scheduler.finished(1);
  EXPECT_EQ(scheduler.next(2), 0);  // alone it may have more than there are
}
