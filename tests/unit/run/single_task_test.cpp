#include "run/single_task.hpp"

#include <gtest/gtest.h>

#include "support/fake_run.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

class SingleTask : public ::testing::Test {
 protected:
  bool run(FakeExecutor::Steps first, FakeExecutor::Steps second = {"done"}) {
    executor_.steps = [=](const protocol::Run& run) { return run.attempt == 1 ? first : second; };
    protocol::Run task;
    task.stage = "export";
    task.key = std::string(64, 'a');
    task.extents = {0};
    return run_single_task(task, executor_, interrupts_, clock_);
  }
  void interrupt(int times = 1) {
    executor_.before_wait = [this, times]() mutable { interrupts_.arrived = times-- > 0; };
  }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
  FakeClock clock_;
  FakeExecutor executor_{store_, clock_, 1};
  FakeInterrupts interrupts_;
};

TEST_F(SingleTask, IsTriedOnceMoreAfterALostWorker) {
  EXPECT_TRUE(run({"done"}));
  EXPECT_TRUE(run({"lose signal"}));
  EXPECT_EQ(executor_.stages(), "export 1, export 1, export 2");
  EXPECT_EQ(error_of([&] { run({"lose signal"}, {"lose timeout"}); }), "export failed (timeout): so it was told");
}

TEST_F(SingleTask, ItsOwnFailureIsAnError) {
  EXPECT_EQ(error_of([&] { run({"fail memory"}); }), "export failed (memory): so it was told");
  EXPECT_EQ(executor_.stages(), "export 1");
}

TEST_F(SingleTask, EndsWhenItIsInterrupted) {
  for (const std::string step : {"fail interrupted", "lose signal"}) {
    executor_.steps_after_stop = {step};
    interrupt();
    EXPECT_FALSE(run({"nothing", "done"})) << step;
    executor_.stopped = false;
  }
  EXPECT_FALSE(executor_.terminated);
}

TEST_F(SingleTask, IsEndedWhereItDoesNotStop) {
  executor_.steps_after_stop = FakeExecutor::Steps(100, "nothing");
  executor_.seconds_a_step = 1;
  interrupt();
  EXPECT_FALSE(run({"nothing", "done"}));
  EXPECT_TRUE(executor_.terminated);
  EXPECT_EQ(clock_.monotonic_seconds(), 1000 + 1 + 21);
  executor_.stopped = executor_.terminated = false;
  interrupt(2);
  EXPECT_FALSE(run({"nothing", "done"}));
  EXPECT_TRUE(executor_.terminated);
}

}  // namespace
}  // namespace latentgrid
