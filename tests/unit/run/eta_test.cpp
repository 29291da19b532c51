#include "run/eta.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

namespace {

TaskGraph independent(const std::vector<std::string>& stages) {
  TaskGraph graph;
  for (const std::string& stage : stages) {
    TaskNode task;
    task.stage = stage;
    task.params = std::make_shared<const Json>(Json::object());
    graph.tasks.push_back(task);
  }
  return graph;
}

}  // namespace

TEST(Eta, IsTheWorkDividedByTheWorkers) {
  TaskGraph graph = independent({"train", "train", "train", "train"});
  EXPECT_DOUBLE_EQ(Eta(graph, {10, 10, 10, 10}, 2).seconds_left(0), 20);
}

TEST(Eta, OfAGpuIsItsWorkDividedByItsTasks) {
  TaskGraph graph = independent({"train", "train", "train", "score"});
  for (int task : {0, 1, 2}) graph.tasks[static_cast<std::size_t>(task)].on_gpu = true;
  EXPECT_DOUBLE_EQ(Eta(graph, {10, 10, 10, 40}, 16, 1).seconds_left(0), 30);
  EXPECT_DOUBLE_EQ(Eta(graph, {10, 10, 10, 40}, 16, 2).seconds_left(0), 15);
  EXPECT_DOUBLE_EQ(Eta(graph, {10, 10, 10, 40}, 2, 2).seconds_left(0), 35);
  Eta eta(graph, {10, 10, 10, 40}, 16, 1);
  eta.started(0, 0);
  eta.progress(0, 0.5, 10);  // twice as slow as estimated
  EXPECT_DOUBLE_EQ(eta.seconds_left(10), 10 + 20 + 20);
}

TEST(Eta, LearnsHowWrongTheEstimatesOfAKindAre) {
  TaskGraph graph = independent({"train", "train", "score"});
  Eta eta(graph, {10, 10, 4}, 1);
  eta.started(0, 0);
  eta.finished(0, 30);  // three times slower than estimated
  EXPECT_DOUBLE_EQ(eta.seconds_left(30), 30 + 4);
  EXPECT_DOUBLE_EQ(eta.seconds_of(1), 30);
  EXPECT_DOUBLE_EQ(eta.seconds_of(2), 4);
}

TEST(Eta, TrustsProgressOverEstimates) {
  TaskGraph graph = independent({"train"});
  Eta eta(graph, {1000}, 1);
  eta.started(0, 0);
  eta.progress(0, 0.25, 10);
  EXPECT_DOUBLE_EQ(eta.seconds_left(10), 30);
}

TEST(Eta, IsNeverLessThanTheLongestRunningTask) {
  TaskGraph graph = independent({"train", "score"});
  Eta eta(graph, {100, 1}, 4);
  eta.started(0, 0);
  EXPECT_DOUBLE_EQ(eta.seconds_left(0), 100);
}

TEST(Eta, ForgetsWhatFailedOrWasSkipped) {
  TaskGraph graph = independent({"train", "score"});
  Eta eta(graph, {100, 10}, 1);
  eta.started(0, 0);
  eta.dropped(0);
  eta.dropped(1);
  EXPECT_DOUBLE_EQ(eta.seconds_left(0), 0);
}
