// What a run makes of each kind of event.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "unit/run/run_fixture.hpp"

namespace latentgrid {
namespace {

using namespace testing;

constexpr const char* all_done = "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 9 executed 0 reused 0 failed";

TEST(SweepRun, GoesFromTheImagesToTheScores) {
  FakeRun fake;
  EXPECT_EQ(text(fake.run()), all_done);
  EXPECT_EQ(fake.executor.stages(), "load 1, labels 1, train 1, encode 1, encode 1, cluster 1, cluster 1, score 1, score 1");
  EXPECT_FALSE(fake.executor.terminated);
  EXPECT_NE(fake.out.text.find("[9/9] score tiny seed 0 epoch "), std::string::npos) << fake.out.text;
}

TEST(SweepRun, ANextRunHasNothingToDo) {
  FakeRun fake;
  fake.run();
  fake.start_again();
  EXPECT_EQ(text(fake.run()), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 0 executed 9 reused 0 failed");
  EXPECT_EQ(fake.executor.stages(), "");
}

TEST(SweepRun, ProgressIsShown) {
  FakeRun fake;
  fake.executor.steps = only("train", {{"progress", "nothing", "nothing", "publish", "done"}});
  fake.executor.seconds_a_step = 61;
  fake.run();
  EXPECT_NE(fake.out.text.find("train tiny seed 0 to 2 epochs 50 %"), std::string::npos) << fake.out.text;
}

TEST(SweepRun, ATaskIsTriedOnceMoreAfterALostWorkerOfAnyKind) {
  for (const std::string kind : {"signal", "exit", "timeout", "memory", "protocol"}) {
    FakeRun fake;
    fake.executor.steps = only("encode", {{"lose " + kind}});
    EXPECT_EQ(text(fake.run()), all_done);
    EXPECT_EQ(fake.failures(), "encode " + kind + " 1, encode " + kind + " 1");
    EXPECT_NE(fake.out.text.find("trying again: encode tiny seed 0 epoch 1 (so it was told)\n"), std::string::npos);
    FakeRun again;
    again.executor.steps = only("load", {{"lose " + kind}, {"lose " + kind}});
    EXPECT_EQ(text(again.run()), "jobs 0 complete 0 failed 2 skipped 0 pending; tasks 1 executed 0 reused 1 failed");
    EXPECT_EQ(again.failures(), "load " + kind + " 1, load " + kind + " 2");
    EXPECT_NE(again.out.text.find("failed: load synthetic failed (" + kind + "): so it was told\n"), std::string::npos)
        << again.out.text;
  }
}

TEST(SweepRun, ATasksOwnFailureIsFinal) {
  for (const std::string kind : {"diverged", "input", "parameter", "memory", "internal"}) {
    FakeRun fake;
    fake.executor.steps = only("load", {{"fail " + kind}});
    EXPECT_EQ(text(fake.run()), "jobs 0 complete 0 failed 2 skipped 0 pending; tasks 1 executed 0 reused 1 failed");
    EXPECT_EQ(fake.failures(), "load " + kind + " 1");
    EXPECT_EQ(fake.job_states(), "skipped, skipped");
  }
}

TEST(SweepRun, WhoChoosesTheWorkerIsToldHowLongATaskMayTake) {
  FakeRun fake;
  fake.run();
  ASSERT_FALSE(fake.executor.expected.empty());
  for (std::size_t i = 0; i < fake.executor.expected.size(); ++i) EXPECT_GT(fake.executor.expected[i], 0) << fake.executor.submitted[i].stage;
}

TEST(SweepRun, WhatNobodyHasTimeForIsSaidUntilSomebodyHas) {
  FakeRun fake;
  int refusals = 0;
  fake.executor.taker = [&](const WorkKind& kind, double seconds) {
    EXPECT_GT(seconds, 0);
    return kind.stage == "load" && ++refusals < 5 ? Taker::nobody_with_enough_time : Taker::somebody;
  };
  fake.run();
  const auto& said = fake.executor.too_long;
  const auto first = std::find_if(said.begin(), said.end(), [](const auto& tasks) { return !tasks.empty(); });
  ASSERT_NE(first, said.end());
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->front().kind, (WorkKind{"load", false}));
  EXPECT_GT(first->front().seconds, 0);
  EXPECT_TRUE(said.back().empty());
}

TEST(SweepRun, AFailedScoreFailsItsJobAlone) {
  FakeRun fake;
  int scores = 0;
  fake.executor.steps = [&](const protocol::Run& run) {
    return run.stage == "score" && scores++ == 0 ? FakeExecutor::Steps{"fail input"} : FakeExecutor::Steps{};
  };
  EXPECT_EQ(text(fake.run()), "jobs 1 complete 1 failed 0 skipped 0 pending; tasks 8 executed 0 reused 1 failed");
}

// As when the time of a batch job is over: nobody asked this run to stop. A training may need many of them.
TEST(SweepRun, ATaskThatOthersInterruptedGoesOnAndThatIsNoFailure) {
  FakeRun fake;
  int trainings = 0;
  fake.executor.steps = [&](const protocol::Run& run) {
    return run.stage == "train" && ++trainings <= 3 ? FakeExecutor::Steps{"fail interrupted"} : FakeExecutor::Steps{};
  };
  EXPECT_EQ(text(fake.run()), all_done);
  EXPECT_EQ(fake.failures(), "");
  EXPECT_EQ(fake.executor.stages(),
            "load 1, labels 1, train 1, train 1, train 1, train 1, encode 1, encode 1, cluster 1, cluster 1, score 1, score 1");
  EXPECT_NE(fake.out.text.find("trying again: train tiny seed 0 to 2 epochs (so it was told)\n"), std::string::npos) << fake.out.text;
}

TEST(SweepRun, ATaskThatIsInterruptedAgainAndAgainIsGivenUp) {
  FakeRun fake;
  fake.executor.steps = [](const protocol::Run& run) {
    return run.stage == "train" ? FakeExecutor::Steps{"fail interrupted"} : FakeExecutor::Steps{};
  };
  EXPECT_EQ(text(fake.run()), "jobs 0 complete 0 failed 2 skipped 0 pending; tasks 2 executed 0 reused 1 failed");
  EXPECT_EQ(fake.executor.count("train"), 22) << "the first, 20 more, and the second try that a lost worker's task has";
}

TEST(SweepRun, DoneWithoutAnArtifactIsAsGoodAsALostWorker) {
  FakeRun fake;
  fake.executor.steps = only("encode", {{"lie"}});
  EXPECT_EQ(text(fake.run()), all_done);
  EXPECT_EQ(fake.failures(), "encode artifact 1, encode artifact 1");
  EXPECT_EQ(fake.rows("artifacts"), 10);
}

TEST(SweepRun, ARecordThatCannotBeReadStartsNothingAndIsMadeAnew) {
  FakeRun fake;
  fake.executor.steps = only("train", {{"damage", "publish", "done"}});
  EXPECT_EQ(text(fake.run()), all_done);
  EXPECT_EQ(fake.executor.stages(),
            "load 1, labels 1, train 1, encode 1, train 2, cluster 1, encode 1, score 1, cluster 1, score 1");
  EXPECT_EQ(fake.failures(), "train artifact 1");
}

TEST(SweepRun, ARecordThatCannotBeReadIsNothingThatAFailureLeft) {
  FakeRun fake;
  fake.executor.steps = only("train", {{"damage", "fail diverged"}});
  EXPECT_EQ(text(fake.run()), "jobs 0 complete 0 failed 2 skipped 0 pending; tasks 2 executed 0 reused 1 failed");
  EXPECT_FALSE(fake.store.exists("train", {fake.task("train").key, 1})) << "the next run makes it anew";
}

TEST(SweepRun, WhatFinishesWithinATenthOfASecondIsRecordedTogether) {
  FakeRun fake;
  const ResultsDb reader = ResultsDb::open_for_reading(fake.store.database());
  std::vector<std::int64_t> recorded;
  fake.executor.seconds_a_step = 0.04;
  fake.executor.before_wait = [&] { recorded.push_back(number(reader, "SELECT count(*) FROM artifacts")); };
  fake.run();
  // The labels and load; then the training's two extents, encode, encode and cluster; then the rest.
  EXPECT_EQ(recorded, (std::vector<std::int64_t>{0, 0, 0, 2, 2, 2, 2, 7, 7, 7}));
}

TEST(SweepRun, AFailureIsRecordedAtOnceWithWhatFinishedBefore) {
  FakeRun fake;
  const ResultsDb reader = ResultsDb::open_for_reading(fake.store.database());
  std::vector<std::int64_t> recorded;
  fake.executor.seconds_a_step = 0;
  fake.executor.steps = only("train", {{"lose exit"}});
  fake.executor.before_wait = [&] {
    recorded.push_back(number(reader, "SELECT (SELECT count(*) FROM artifacts) * 10 + (SELECT count(*) FROM failures)"));
  };
  fake.run();
  ASSERT_GE(recorded.size(), 3u);
  EXPECT_EQ(recorded[1], 0) << "load is done";
  EXPECT_EQ(recorded[2], 21) << "the training is lost";
}

TEST(SweepRun, WhatCannotBeRecordedIsNotReported) {
  FakeRun fake;
  fake.executor.seconds_a_step = 1;
  fake.executor.before_wait = [&] {
    if (fake.executor.count("encode") == 0) return;
    SQLite::Database other(fake.store.database().string(), SQLite::OPEN_READWRITE);
    other.exec("CREATE TRIGGER IF NOT EXISTS full BEFORE INSERT ON artifacts BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  };
  EXPECT_NE(error_of([&] { fake.run(); }).find("the disk is full"), std::string::npos);
  EXPECT_EQ(fake.out.text, "[1/9] labels of synthetic\n[2/9] load synthetic\n");
}

TEST(SweepRun, WhatACrashLeftIsRecordedBeforeAnythingStarts) {
  FakeRun fake;
  fake.run();
  FakeRun next;
  std::filesystem::copy(fake.store.root() / "artifacts", next.store.root() / "artifacts",
                        std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(next.store.stage_folder("score"));
  next.start_again();
  std::int64_t before = -1;
  next.executor.before_wait = [&] { before = before < 0 ? next.rows("artifacts") : before; };
  EXPECT_EQ(text(next.run()), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 2 executed 7 reused 0 failed");
  EXPECT_EQ(before, 8);
}

// Another process collects garbage between the plan and the run.
TEST(SweepRun, WhatWasRemovedSinceThePlanIsMadeAnewOrSaid) {
  FakeRun fake;
  fake.run();
  fake.start_again();
  std::filesystem::remove_all(fake.store.stage_folder("score"));
  mark_published(fake.plan->graph, fake.store);
  EXPECT_EQ(text(fake.run()), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 2 executed 7 reused 0 failed");

  FakeRun unrecorded;
  std::filesystem::copy(fake.store.root() / "artifacts", unrecorded.store.root() / "artifacts",
                        std::filesystem::copy_options::recursive);
  unrecorded.start_again();
  std::filesystem::remove_all(unrecorded.store.stage_folder("score"));  // and the plan is not asked again
  EXPECT_EQ(error_of([&] { unrecorded.run(); }),
            "the records of 2 artifacts could not be read and were removed: run again to make them anew");
  unrecorded.start_again();
  EXPECT_EQ(text(unrecorded.run()), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 2 executed 7 reused 0 failed");
}

TEST(SweepRun, IdleSlotsAreLentToTasksWhoseNumbersDoNotDependOnThem) {
  FakeRun fake(two_jobs, 5);
  std::map<std::int64_t, std::int64_t> lent;
  fake.executor.before_wait = [&] {
    if (fake.executor.count("cluster") == 2 && lent.empty()) lent = fake.executor.shared;
  };
  fake.run();
  std::vector<std::int64_t> clusterings;
  for (const auto& [task, threads] : lent) {
    if (fake.plan->graph.tasks[static_cast<std::size_t>(task)].stage == "cluster") clusterings.push_back(threads);
  }
  EXPECT_EQ(clusterings, (std::vector<std::int64_t>{3, 2}));
}

TEST(SweepRun, ATaskOnAGpuIsToldWhichAndWaitsForIt) {
  FakeRun fake;
  for (TaskNode& task : fake.plan->graph.tasks) task.on_gpu = task.stage == "encode";
  EXPECT_TRUE(error_of([&] { fake.run(); }).starts_with("the sweep says device: cuda, and "));
  fake.executor.gpus = {1};
  EXPECT_EQ(text(fake.run()), all_done);
  std::vector<std::string> devices;
  for (const protocol::Run& run : fake.executor.submitted) {
    if (run.stage == "encode") devices.push_back(run.device);
  }
  EXPECT_EQ(devices, (std::vector<std::string>{"cuda:0", "cuda:0"}));
  EXPECT_EQ(fake.executor.stages(), "load 1, labels 1, train 1, encode 1, encode 1, cluster 1, cluster 1, score 1, score 1");
}

}  // namespace
}  // namespace latentgrid
