// What is said between the coordinator and one worker, over a transport that the test holds both ends of.
#include "pool/worker_session.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "base/error.hpp"
#include "support/fake_clock.hpp"

namespace latentgrid {
namespace {

using testing::FakeClock;
using Strings = std::vector<std::string>;

// One worker's two directions.
struct Wire {
  std::string unread;
  bool ended = false;
  Transport::End end = {"exit", "exit code 7"};
  std::int64_t resident_kb = 0;
  Strings sent;  // to the worker
  bool portable = false;
};

class FakeTransport : public Transport {
 public:
  explicit FakeTransport(Wire& wire) : wire_(wire) {}
  void write_line(const std::string& line) override { wire_.sent.push_back(line); }
  bool read(std::string& buffer) override {
    buffer += std::exchange(wire_.unread, "");
    return !wire_.ended;
  }
  int descriptor() const override { return -1; }
  End end() override { return wire_.end; }
  std::int64_t resident_kb() const override { return wire_.resident_kb; }

 private:
  Wire& wire_;
};

// Events as short lines.
std::string text(const ExecutorEvent& event) {
  if (auto* progress = std::get_if<protocol::Progress>(&event)) return "progress " + std::to_string(progress->done);
  if (auto* artifact = std::get_if<protocol::ArtifactReady>(&event)) return "artifact " + std::to_string(artifact->extent);
  if (std::holds_alternative<protocol::Done>(event)) return "done";
  if (auto* failed = std::get_if<protocol::Failed>(&event)) return "failed " + failed->kind;
  const auto& lost = std::get<WorkerLost>(event);
  return "lost " + std::to_string(lost.task) + " " + lost.kind + ": " + lost.message;
}

class Session : public ::testing::Test {
 protected:
  Session()
      : session_({"the-worker", {{"train", 2}}, 5, 2048, [](const std::string& stage) { return stage + " with less"; }}, "worker.log",
                 [this](bool portable) {
                   wires_.emplace_back().portable = portable;
                   return std::make_unique<FakeTransport>(wires_.back());
                 }, clock_) {}

  Wire& wire() { return wires_.back(); }
  void submit(std::int64_t task, const std::string& arithmetic = "", std::int64_t threads = 1) {
    protocol::Run run;
    run.task = task;
    run.arithmetic = arithmetic;
    run.stage = "train";
    session_.submit(run, threads);
  }
  void say(const protocol::WorkerMessage& message) { wire().unread += protocol::encode(message) + "\n"; }
  void say_hello(int version = 2) {
    protocol::Hello hello;
    hello.stages = {{"train", version}};
    say(hello);
  }
  Strings receive() {
    std::vector<ExecutorEvent> events;
    session_.receive(events);
    return texts(events);
  }
  Strings enforce() {
    std::vector<ExecutorEvent> events;
    session_.enforce_limits(events);
    return texts(events);
  }
  // Types of what the worker was sent.
  Strings sent() {
    Strings types;
    for (const std::string& line : wire().sent) types.push_back(Json::parse(line).at("type"));
    return types;
  }
  std::string error_of_receive() {
    try {
      receive();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  void run_task(std::int64_t task) {
    submit(task);
    say_hello();
    EXPECT_EQ(receive(), Strings{});
  }

  FakeClock clock_;
  std::deque<Wire> wires_;  // one a worker
  WorkerSession session_;

 private:
  static Strings texts(const std::vector<ExecutorEvent>& events) {
    Strings out;
    for (const ExecutorEvent& event : events) out.push_back(text(event));
    return out;
  }
};

TEST_F(Session, ATaskMayComeWithThreads) {
  submit(4, "", 3);
  say_hello();
  receive();
  EXPECT_EQ(sent(), (Strings{"run", "share"}));
  session_.share(4, 3);
  EXPECT_EQ(sent(), (Strings{"run", "share"}));
}

TEST_F(Session, AWorkerStartsWithTheFirstTaskAndGetsItAfterItsHello) {
  EXPECT_FALSE(session_.is_connected());
  submit(4);
  EXPECT_TRUE(session_.is_connected());
  EXPECT_TRUE(session_.has_task());
  session_.share(4, 3);
  EXPECT_EQ(sent(), Strings{});
  say_hello();
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(sent(), (Strings{"run", "share"}));
  say(protocol::Progress{4, 1, 2});
  say(protocol::ArtifactReady{4, 1});
  say(protocol::Done{4});
  EXPECT_EQ(receive(), (Strings{"progress 1", "artifact 1", "done"}));
  EXPECT_FALSE(session_.has_task());
  submit(5);
  EXPECT_EQ(sent(), (Strings{"run", "share", "run"})) << "the next task goes to the same worker at once";
  say(protocol::Failed{5, "input", "no labels"});
  EXPECT_EQ(receive(), (Strings{"failed input"}));
  EXPECT_EQ(wires_.size(), 1u);
}

TEST_F(Session, AWorkerOfTheOtherArithmeticIsReplaced) {
  run_task(4);
  say(protocol::Done{4});
  EXPECT_EQ(receive(), Strings{"done"});
  submit(5, "portable");
  ASSERT_EQ(wires_.size(), 2u);
  EXPECT_TRUE(wire().portable);
  say_hello();
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(sent(), Strings{"run"});
  say(protocol::Done{5});
  EXPECT_EQ(receive(), Strings{"done"});
  submit(6);
  EXPECT_EQ(wires_.size(), 2u) << "a task that does not mind";
  say(protocol::Done{6});
  EXPECT_EQ(receive(), Strings{"done"});
  submit(7, "native");
  ASSERT_EQ(wires_.size(), 3u);
  EXPECT_FALSE(wire().portable);
}

TEST_F(Session, ALineComesInPieces) {
  run_task(4);
  const std::string line = protocol::encode(protocol::WorkerMessage(protocol::Done{4})) + "\n";
  for (char c : line.substr(0, line.size() - 1)) {
    wire().unread = c;
    ASSERT_EQ(receive(), Strings{});
  }
  wire().unread = "\n";
  EXPECT_EQ(receive(), (Strings{"done"}));
}

TEST_F(Session, LoansAreSentOnceAndEndWithTheirTask) {
  run_task(4);
  session_.share(4, 2);
  session_.share(4, 2);
  session_.share(9, 3);
  EXPECT_EQ(sent(), (Strings{"run", "share"}));
  say(protocol::Done{4});
  receive();
  session_.share(4, 1);
  submit(5);
  session_.share(5, 1);
  EXPECT_EQ(sent(), (Strings{"run", "share", "run"}));
}

TEST_F(Session, ALostWorkerIsReplacedByTheNextTask) {
  run_task(4);
  wire().ended = true;
  EXPECT_EQ(receive(), (Strings{"lost 4 exit: the worker ended: exit code 7; see worker.log"}));
  EXPECT_FALSE(session_.is_connected());
  EXPECT_FALSE(session_.has_task());
  run_task(4);
  EXPECT_EQ(wires_.size(), 2u);
  EXPECT_EQ(sent(), (Strings{"run"}));
}

TEST_F(Session, OneThatOthersHaveKilledMayHaveTakenTooMuchMemory) {
  run_task(4);
  wire().ended = true;
  wire().end = {.kind = "signal", .message = "killed by signal 9 (Killed)", .killed_by_others = true};
  EXPECT_EQ(receive(), (Strings{"lost 4 signal: the worker ended: killed by signal 9 (Killed), as the system does when memory runs out: train with less; see worker.log"}));
}

TEST_F(Session, WhatAWorkerSaidBeforeItsEndCounts) {
  run_task(4);
  say(protocol::ArtifactReady{4, 1});
  say(protocol::Done{4});
  wire().ended = true;
  EXPECT_EQ(receive(), (Strings{"artifact 1", "done"})) << "an idle worker's end is nobody's loss";
  EXPECT_FALSE(session_.is_connected());
}

TEST_F(Session, ATaskThatWasNotSeenGoesToTheNextWorker) {
  submit(4);
  wire().ended = true;
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(wires_.size(), 2u);
  say_hello();
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(sent(), (Strings{"run"}));
}

TEST_F(Session, ABadLineBeforeTheHelloLosesThatWorkerAlone) {
  submit(4);
  wire().unread = "not a message\n" + std::string("more\n");
  wire().ended = true;
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(wires_.size(), 2u);
  EXPECT_TRUE(session_.is_connected());
  say_hello();
  receive();
  EXPECT_EQ(sent(), (Strings{"run"}));
}

TEST_F(Session, AWorkerThatNeverStartsIsAnErrorAfterThreeTimes) {
  submit(4);
  for (int i = 0; i < 2; ++i) {
    wire().ended = true;
    EXPECT_EQ(receive(), Strings{});
  }
  wire().ended = true;
  EXPECT_EQ(error_of_receive(),
            "the-worker cannot start (exit code 7), tried 3 times\n  hint: see worker.log; `latentgrid doctor` says more");
}

TEST_F(Session, AHelloStartsTheCountAnew) {
  for (int i = 0; i < 4; ++i) {
    submit(4);
    wire().ended = true;
    EXPECT_EQ(receive(), Strings{});
    say_hello();
    receive();
    wire().ended = true;
    EXPECT_EQ(receive().size(), 1u);
  }
}

TEST_F(Session, AWorkerOfOtherVersionsIsAnError) {
  submit(4);
  say_hello(3);
  EXPECT_EQ(error_of_receive(),
            "the-worker was built from other sources than this program (protocol 4 here, 4 there; stages that differ: train)\n"
            "  hint: build both again; a worker with other stage versions would write under stale keys");
}

TEST_F(Session, LinesThatAreNoMessagesLoseTheWorker) {
  run_task(4);
  wire().unread = "not a message\n";
  EXPECT_EQ(receive(),
            (Strings{"lost 4 protocol: the worker ended: not a protocol message: not a message; see worker.log"}));
  run_task(4);
  wire().unread = std::string((16 << 20) + 1, 'x');
  EXPECT_EQ(receive(), (Strings{"lost 4 protocol: the worker ended: a line without end; see worker.log"}));
}

TEST_F(Session, AWorkerThatSpeaksOfAnotherTaskIsLost) {
  run_task(4);
  say(protocol::Done{7});
  const Strings lost = receive();
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_TRUE(lost[0].starts_with("lost 4 protocol: the worker ended: it was not given the task that it speaks of: {")) << lost[0];
  EXPECT_FALSE(session_.is_connected());
}

TEST_F(Session, ATaskMayTakeSoLongAndSoMuchMemory) {
  submit(4);
  clock_.advance(100);
  EXPECT_EQ(enforce(), Strings{}) << "it has not begun";
  say_hello();
  receive();
  clock_.advance(5);
  wire().resident_kb = 2048;
  EXPECT_EQ(enforce(), Strings{});
  wire().resident_kb = 2049;
  EXPECT_EQ(enforce(), (Strings{"lost 4 memory: the worker ended: it took more than 2 MiB; see worker.log"}));
  run_task(4);
  clock_.advance(5.5);
  EXPECT_EQ(enforce(), (Strings{"lost 4 timeout: the worker ended: it took longer than 5 s; see worker.log"}));
  EXPECT_EQ(enforce(), Strings{});
}

TEST_F(Session, StopIsSaidAndNothingStartsAfterIt) {
  submit(4);
  session_.stop();
  say_hello();
  EXPECT_EQ(receive(), Strings{});
  EXPECT_EQ(sent(), (Strings{"stop"})) << "a task that was not sent stays unsent";
  wire().ended = true;
  EXPECT_EQ(receive(), (Strings{"lost 4 exit: the worker ended: exit code 7; see worker.log"}));
  EXPECT_EQ(wires_.size(), 1u);
}

TEST_F(Session, TerminateForgetsTheTask) {
  run_task(4);
  session_.terminate();
  EXPECT_FALSE(session_.is_connected());
  EXPECT_FALSE(session_.has_task());
}

TEST_F(Session, TheDeviceOfItsLastTaskOnAGpuIsKnownUntilTheWorkerIsReplaced) {
  protocol::Run run;
  run.device = "cuda:1";
  session_.submit(run);
  say_hello();
  receive();
  say(protocol::Done{0});
  receive();
  run_task(4);
  EXPECT_EQ(session_.device(), "cuda:1");
  wire().ended = true;
  receive();
  run_task(4);
  EXPECT_EQ(session_.device(), "");
}

}  // namespace
}  // namespace latentgrid
