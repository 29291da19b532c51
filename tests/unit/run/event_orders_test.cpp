// A run in every order in which its workers' messages can come.
#include <gtest/gtest.h>

#include "unit/run/run_fixture.hpp"

namespace latentgrid {
namespace {

using namespace testing;

using Steps = std::function<FakeExecutor::Steps(const protocol::Run&)>;

// Whatever is said to be done is in the database, as another process sees it.
void watch_reports(FakeRun& fake, const ResultsDb& reader) {
  fake.out.on_write = [&](const std::string& line) {
    if (!line.starts_with("[")) return;
    EXPECT_LE(std::stoll(line.substr(1)),
              number(reader, "SELECT count(DISTINCT t.stage || t.key) FROM artifacts a JOIN tasks t ON t.id = a.task"))
        << line;
  };
}

// Returns how many orders there are. `at_once`: stages without a turn of their own. In steps of no time what
// finishes waits for one transaction at the end, in steps of a second each is recorded alone.
int in_every_order(double seconds_a_step, const Steps& steps, const std::set<std::string>& at_once,
                   const std::function<void(FakeRun&, const RunSummary&)>& check) {
  Choices choices;
  do {
    FakeRun fake;
    const ResultsDb reader = ResultsDb::open_for_reading(fake.store.database());
    watch_reports(fake, reader);
    fake.executor.steps = steps;
    fake.executor.seconds_a_step = seconds_a_step;
    fake.executor.at_once = at_once;
    fake.executor.choose = std::ref(choices);
    check(fake, fake.run());
  } while (!::testing::Test::HasFailure() && choices.next());
  return choices.passes;
}

class EveryOrder : public ::testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Run, EveryOrder, ::testing::Values(0.0, 1.0));

TEST_P(EveryOrder, EndsWithTheSameRows) {
  const int orders = in_every_order(GetParam(), {}, {"cluster"}, [](FakeRun& fake, const RunSummary& summary) {
    EXPECT_EQ(text(summary), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 9 executed 0 reused 0 failed");
    EXPECT_EQ(fake.executor.submitted.size(), 9u);
    EXPECT_EQ(fake.rows("artifacts"), 10);
    EXPECT_EQ(fake.rows("failures"), 0);
    EXPECT_EQ(fake.job_states(), "complete, complete");
    EXPECT_EQ(fake.rows("results WHERE accuracy = 0.75"), 2);
  });
  EXPECT_EQ(orders, 246);
}

// What reads epoch 1 goes on beside the second attempt, and is done once.
TEST_P(EveryOrder, ALostTrainingGoesOnAfterTheEpochThatItLeft) {
  const Steps lost_once = only("train", {{"publish", "lose signal"}});
  const int orders = in_every_order(GetParam(), lost_once, {"cluster", "labels"}, [](FakeRun& fake, const RunSummary& summary) {
    EXPECT_EQ(text(summary), "jobs 2 complete 0 failed 0 skipped 0 pending; tasks 9 executed 0 reused 0 failed");
    EXPECT_EQ(fake.executor.count("train"), 2);
    EXPECT_EQ(fake.executor.submitted.size(), 10u);
    EXPECT_EQ(fake.rows("artifacts"), 10);
    EXPECT_EQ(fake.failures(), "train signal 1");
    EXPECT_EQ(fake.job_states(), "complete, complete");
  });
  EXPECT_EQ(orders, 84);
}

TEST_P(EveryOrder, ATrainingThatIsLostTwiceFailsTheLongerJobAlone) {
  const Steps lost_twice = only("train", {{"lose signal"}, {"publish", "lose timeout"}});
  const int orders = in_every_order(GetParam(), lost_twice, {"cluster", "labels"}, [](FakeRun& fake, const RunSummary& summary) {
    EXPECT_EQ(text(summary), "jobs 1 complete 0 failed 1 skipped 0 pending; tasks 5 executed 0 reused 1 failed");
    EXPECT_EQ(fake.rows("artifacts"), 6);
    EXPECT_EQ(fake.failures(), "train signal 1, train timeout 2");
    EXPECT_EQ(fake.job_states(), "complete, skipped");
  });
  EXPECT_EQ(orders, 3);
}

TEST_P(EveryOrder, AFailureAfterAnEpochLeavesItsJob) {
  const Steps diverges = only("train", {{"publish", "fail diverged"}});
  const int orders = in_every_order(GetParam(), diverges, {"cluster", "labels"}, [](FakeRun& fake, const RunSummary& summary) {
    EXPECT_EQ(text(summary), "jobs 1 complete 0 failed 1 skipped 0 pending; tasks 5 executed 0 reused 1 failed");
    EXPECT_EQ(fake.failures(), "train diverged 1");
    EXPECT_EQ(fake.job_states(), "complete, skipped");
  });
  EXPECT_EQ(orders, 3);
}

// The same tasks with an interrupt before each of the run's turns: what was done stays, the next run does the rest.
TEST_P(EveryOrder, AnInterruptAtAnyTimeLosesNothing) {
  for (const FakeExecutor::Steps& after_stop : {FakeExecutor::Steps{"fail interrupted"}, {"done"}, {"lose signal"}}) {
    int turn = 0;
    for (bool interrupted = true; interrupted; ++turn) {
      FakeRun fake;
      const ResultsDb reader = ResultsDb::open_for_reading(fake.store.database());
      watch_reports(fake, reader);
      fake.executor.seconds_a_step = GetParam();
      fake.executor.steps_after_stop = after_stop;
      int waits = 0;
      fake.executor.before_wait = [&] { fake.interrupts.arrived += waits++ == turn; };
      const RunSummary first = fake.run();
      interrupted = first.interrupted;
      EXPECT_EQ(first.tasks_failed, 0);
      EXPECT_EQ(first.jobs_complete + first.jobs_pending, 2);
      EXPECT_EQ(fake.executor.terminated, interrupted);
      fake.start_again();
      EXPECT_EQ(fake.run().jobs_complete, 2);
      EXPECT_EQ(fake.job_states(), "complete, complete");
      EXPECT_EQ(fake.rows("artifacts"), 10);
      EXPECT_EQ(fake.rows("failures"), 0);
      ASSERT_FALSE(HasFailure()) << turn;
    }
    EXPECT_EQ(turn, 10) << "after the tenth there is nothing to interrupt";
  }
}

}  // namespace
}  // namespace latentgrid
