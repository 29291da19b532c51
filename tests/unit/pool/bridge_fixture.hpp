#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/heartbeat.hpp"
#include "pool/bridge.hpp"
#include "pool/mailbox_folder.hpp"
#include "protocol/line_file.hpp"
#include "protocol/messages.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

// A worker's end of a mailbox between a coordinator and a process that are both the test's.
namespace latentgrid::testing {

using Strings = std::vector<std::string>;

inline protocol::Run train(std::int64_t task, const std::string& key, std::vector<std::int64_t> extents = {0}) {
  protocol::Run run;
  run.task = task;
  run.stage = "train";
  run.key = key;
  run.extents = std::move(extents);
  return run;
}

class BridgeTest : public ::testing::Test {
 protected:
  struct Process {
    bool portable = false;
    Strings given;
    std::string unread;
    std::optional<Transport::End> end;
    std::int64_t resident_kb = 0;
    bool is_alive = true;  // nobody has ended it
  };

  class FakeProcess : public Transport {
   public:
    explicit FakeProcess(Process& process) : process_(process) {}
    ~FakeProcess() override { process_.is_alive = false; }
    void write_line(const std::string& line) override { process_.given.push_back(line); }
    bool read(std::string& buffer) override {
      buffer += std::exchange(process_.unread, "");
      return !process_.end;
    }
    int descriptor() const override { return -1; }
    End end() override { return *process_.end; }
    std::int64_t resident_kb() const override { return process_.resident_kb; }

   private:
    Process& process_;
  };

  BridgeTest() {
    options_.results = temporary_.path();
    options_.mailbox = folder_.root;
    options_.name = "w";
    options_.crew = "cpu";
    options_.idle_s = 300;
  }

  void start() {
    bridge_.emplace(options_, clock_, [this](bool portable) -> std::unique_ptr<Transport> {
      if (cannot_start_) throw Error("cannot start it");
      processes_.emplace_back().portable = portable;
      if (dies_at_once_) die({"exit", "exit code 9"});
      return std::make_unique<FakeProcess>(processes_.back());
    });
    bridge_->join();
    said();
  }
  // With a process that has said hello to the connection a/1.
  void start_connected() {
    start();
    coordinator_says("connect a/1 native");
    turn();
    worker_says(hello_);
    turn();
    said();
  }
  // ... and does train k1 as its task 1.
  void start_with_a_task() {
    start_connected();
    coordinator_says("a/1", train(1, "k1", {10, 20}));
    turn();
    process().given.clear();
  }

  void coordinator_says(const std::string& line) { protocol::LineWriter(folder_.to_worker("w")).append(line); }
  void coordinator_says(const std::string& connection, const protocol::CoordinatorMessage& message) {
    coordinator_says("line " + connection + " " + protocol::encode(message));
  }
  void worker_says(const protocol::WorkerMessage& message) { process().unread += protocol::encode(message) + "\n"; }
  void die(Transport::End end) { process().end = std::move(end); }

  Process& process() { return processes_.back(); }
  // Whether it stays. Two seconds are the longest between two looks into the mailbox.
  bool turn(double seconds = 2) {
    clock_.advance(seconds);
    return bridge_->step();
  }
  // The seconds until it leaves, `limit` if it stays.
  double seconds_it_stays(double limit) {
    for (double seconds = 0; seconds < limit; seconds += 2) {
      if (is_coordinated_) coordinator_.beat();
      if (!turn()) return seconds;
    }
    return limit;
  }
  // What has come since the last call.
  Strings said() { return from_worker_.read(); }
  static std::string line(const std::string& connection, const protocol::WorkerMessage& message) {
    return "line " + connection + " " + protocol::encode(message);
  }
  std::int64_t told_kb() {
    HeartbeatWatch watch(folder_.heartbeat("w"), clock_);
    watch.silence_s();
    return watch.resident_kb();
  }

  TemporaryFolder temporary_{folder_in_memory()};
  const MailboxFolder folder_{temporary_ / "mailbox"};
  const protocol::Hello hello_{.stages = {{"train", 2}}};
  FakeClock clock_;
  BridgeOptions options_;
  std::deque<Process> processes_;
  bool cannot_start_ = false, dies_at_once_ = false;
  bool is_coordinated_ = false;  // a coordinator beats
  HeartbeatWriter coordinator_{folder_.coordinator()};
  protocol::LineReader from_worker_{folder_.from_worker("w")};
  std::optional<Bridge> bridge_;
};

}  // namespace latentgrid::testing
