// When a worker of a mailbox leaves, and what becomes of what it has to do.
#include <cstdlib>

#include "pool/farewell.hpp"
#include "unit/pool/bridge_fixture.hpp"

namespace latentgrid {
namespace {

using protocol::Done;
using protocol::Failed;
using testing::BridgeTest;
using testing::Strings;
using testing::train;

const std::string asked = "a signal told it to end, from its scheduler (time limit, more urgent job, scancel) or by hand";
const Failed interrupted_task_9{9, "interrupted", "the worker was asked to end"};

using BridgeLeaving = BridgeTest;

// Moves on whenever it is looked at.
class HurryingClock : public Clock {
 public:
  double monotonic_seconds() const override { return now_ += 1; }
  std::string utc_timestamp() const override { return ""; }
  std::int64_t seconds_since_1970() const override { return 0; }

 private:
  mutable double now_ = 0;
};

TEST_F(BridgeLeaving, WhileACoordinatorIsThereOneWithNothingToDoLeavesAfterItsIdleTime) {
  is_coordinated_ = true;
  start();
  EXPECT_NEAR(seconds_it_stays(4000), 300, 10);
  EXPECT_EQ(said(), (Strings{"left 0 there was nothing to do for 300 s"}));
}

TEST_F(BridgeLeaving, WhileNoCoordinatorIsThereItWaitsForOneMuchLonger) {
  start();
  EXPECT_NEAR(seconds_it_stays(4000), 1200, 30);
  EXPECT_EQ(said(), (Strings{"left 0 no coordinator was there for 1200 s"}));
}

TEST_F(BridgeLeaving, TimeWithoutACoordinatorIsNoIdleTimeAndBeginsAnewWhenOneHasBeenThere) {
  start();
  EXPECT_EQ(seconds_it_stays(1000), 1000);
  is_coordinated_ = true;
  EXPECT_EQ(seconds_it_stays(200), 200);
  is_coordinated_ = false;
  EXPECT_NEAR(seconds_it_stays(4000), 1200, 30);
}

TEST_F(BridgeLeaving, AfterALongTaskThatItsCoordinatorHasNotSurvivedItWaitsForTheNext) {
  start_with_a_task();
  EXPECT_EQ(seconds_it_stays(3000), 3000) << "what it does is wanted";
  worker_says(Done{1});
  EXPECT_NEAR(seconds_it_stays(4000), 1200, 30);
  EXPECT_EQ(said().back(), "left 2 no coordinator was there for 1200 s");
}

TEST_F(BridgeLeaving, ATaskIsNoIdleTime) {
  is_coordinated_ = true;
  start_with_a_task();
  EXPECT_EQ(seconds_it_stays(3000), 3000);
  worker_says(Done{1});
  EXPECT_NEAR(seconds_it_stays(4000), 300, 10);
}

TEST_F(BridgeLeaving, OneThatSomebodyHasStartedByHandStaysAsLongAsACoordinatorIsThere) {
  options_.idle_s.reset();
  is_coordinated_ = true;
  start();
  EXPECT_EQ(seconds_it_stays(10'000), 10'000);
}

TEST_F(BridgeLeaving, OneThatIsToldToLeaveTakesItsFolderAndItsProcessWithIt) {
  start_with_a_task();
  coordinator_says("leave");
  EXPECT_FALSE(turn());
  EXPECT_FALSE(process().is_alive);
  EXPECT_FALSE(std::filesystem::exists(folder_.worker("w")));
}

TEST_F(BridgeLeaving, OneThatIsToldToStopLetsItsTaskLeaveACheckpointFirst) {
  start_with_a_task();
  coordinator_says("stop");
  EXPECT_TRUE(turn());
  EXPECT_TRUE(process().is_alive);
  worker_says(Failed{1, "interrupted", "stopped"});
  EXPECT_FALSE(turn());
  EXPECT_FALSE(std::filesystem::exists(folder_.worker("w"))) << "nobody reads why it left";
}

TEST_F(BridgeLeaving, OneWhoseFolderIsGoneLeaves) {
  start_with_a_task();
  std::filesystem::remove_all(folder_.worker("w"));
  EXPECT_FALSE(turn(5));
  EXPECT_FALSE(process().is_alive);
}

TEST_F(BridgeLeaving, OneWhoseFolderIsGoneEndsAtOnce) {
  const Bridge::Start none = [](bool) -> std::unique_ptr<Transport> { throw Error("cannot start it"); };
  HurryingClock hurrying;
  Bridge bridge(options_, hurrying, none);
  std::filesystem::remove_all(folder_.worker("w"));
  const double before = system_clock().monotonic_seconds();
  EXPECT_EXIT(std::exit(bridge.run()), ::testing::ExitedWithCode(0), "");  // in a process of its own, as it blocks signals
  EXPECT_LT(system_clock().monotonic_seconds() - before, 5) << "nobody reads what it could not write";
}

TEST_F(BridgeLeaving, OneThatWakesAfterItWasGivenUpLeavesNothingBehind) {
  start_with_a_task();
  remove_mailbox(folder_, "w");
  worker_says(Done{1});
  EXPECT_FALSE(turn(10'000));
  EXPECT_FALSE(process().is_alive);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.workers()));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.root / "joining"));
}

TEST_F(BridgeLeaving, AMessageThatCannotBeReadIsAReasonToLeave) {
  start_connected();
  coordinator_says("line a/1 {\"type\": \"dance\"}");
  EXPECT_FALSE(turn());
  const Strings last = said();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_TRUE(last[0].starts_with("left 2 ")) << last[0];
  EXPECT_NE(last[0].find("dance"), std::string::npos) << last[0];
}

TEST_F(BridgeLeaving, LinesThatAreMissingForAMinuteAreAReasonToLeave) {
  start_connected();
  const std::string first = read_file(folder_.to_worker("w"));
  write_file(folder_.to_worker("w"), first + "........\n3 5 drop \n");  // the second is not there yet
  EXPECT_EQ(seconds_it_stays(40), 40);
  const std::string three = first + "2 5 drop \n3 5 drop \n";
  write_file(folder_.to_worker("w"), three);
  EXPECT_EQ(seconds_it_stays(100), 100) << "it came late";
  write_file(folder_.to_worker("w"), three + "5 5 drop \n");
  EXPECT_NEAR(seconds_it_stays(200), 65, 10);
  EXPECT_EQ(said(), (Strings{"left 3 lines of its coordinator are missing"}));
}

TEST_F(BridgeLeaving, OneWithoutATaskThatIsAskedToEndLeavesAtOnce) {
  start_connected();
  bridge_->ask_to_stop(asked);
  EXPECT_FALSE(turn(0.01));
  EXPECT_EQ(said(), (Strings{"left 1 " + asked}));
}

TEST_F(BridgeLeaving, OneWithATaskSaysAtOnceThatItIsLeavingAndLeavesWhenTheTaskHasStopped) {
  start_with_a_task();
  bridge_->ask_to_stop(asked);
  bridge_->ask_to_stop(asked);  // schedulers repeat themselves
  EXPECT_TRUE(turn(0.01));
  EXPECT_EQ(said(), (Strings{"leaving " + asked})) << "it may be killed soon";
  EXPECT_EQ(process().given, (Strings{protocol::encode(protocol::Stop{})}));
  const Failed stopped{1, "interrupted", "stopped"};
  worker_says(stopped);
  EXPECT_FALSE(turn());
  EXPECT_EQ(said(), (Strings{line("a/1", stopped), "left 2 " + asked}));
}

TEST_F(BridgeLeaving, ATaskThatDoesNotStopInTimeIsEnded) {
  start_with_a_task();
  bridge_->ask_to_stop(asked);
  EXPECT_NEAR(seconds_it_stays(300), 100, 3);
  EXPECT_FALSE(process().is_alive);
  EXPECT_EQ(said(), (Strings{"leaving " + asked, "left 2 " + asked}));
}

TEST_F(BridgeLeaving, ATaskThatWaitsBehindAnotherCoordinatorsIsHandedBack) {
  start_with_a_task();
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k2"));
  turn();
  said();
  bridge_->ask_to_stop(asked);
  worker_says(Failed{1, "interrupted", "stopped"});
  EXPECT_FALSE(turn());
  EXPECT_EQ(said(), (Strings{"leaving " + asked, "free b/1 ", line("b/1", interrupted_task_9), "left 4 " + asked}));
  EXPECT_EQ(process().given, (Strings{protocol::encode(protocol::Stop{})})) << "it was not begun";
}

TEST_F(BridgeLeaving, ATaskThatWaitsForItsProcessIsHandedBack) {
  start();
  coordinator_says("connect a/1 native");
  coordinator_says("a/1", train(9, "k2"));
  turn();
  bridge_->ask_to_stop(asked);
  EXPECT_FALSE(turn());
  EXPECT_EQ(said(), (Strings{line("a/1", interrupted_task_9), "left 2 " + asked}));
}

TEST_F(BridgeLeaving, ATaskThatComesToALeavingOneIsHandedBack) {
  start_with_a_task();
  bridge_->ask_to_stop(asked);
  coordinator_says("connect b/1 native");
  coordinator_says("b/1", train(9, "k2"));
  EXPECT_TRUE(turn());
  EXPECT_EQ(said(), (Strings{"leaving " + asked, "busy b/1 train k1", line("b/1", hello_), line("b/1", interrupted_task_9)}));
}

// Schedulers send their signals to all processes of a job.
TEST_F(BridgeLeaving, AProcessThatWasAskedToEndAsWellHasItsTaskInterrupted) {
  start_with_a_task();
  die({.kind = "signal", .message = "killed by signal 15 (Terminated)", .signal = SIGTERM});
  EXPECT_TRUE(turn());
  EXPECT_EQ(said(), (Strings{line("a/1", Failed{1, "interrupted", "the worker was asked to end"}),
                             "ended a/1 signal killed by signal 15 (Terminated)"}));
}

TEST_F(BridgeLeaving, AProcessThatEndsWhileItsWorkerIsLeavingHasItsTaskInterrupted) {
  start_with_a_task();
  bridge_->ask_to_stop(asked);
  die({"signal", "killed by signal 9 (Killed)"});
  EXPECT_FALSE(turn());
  EXPECT_EQ(said(), (Strings{"leaving " + asked, line("a/1", Failed{1, "interrupted", "the worker was asked to end"}),
                             "ended a/1 signal killed by signal 9 (Killed)", "left 2 " + asked}));
}

}  // namespace
}  // namespace latentgrid
