#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pool/mailbox_executor.hpp"
#include "support/temporary_folder.hpp"
#include "support/worker_by_hand.hpp"

namespace latentgrid::testing {

using Strings = std::vector<std::string>;

// Stands still until it is moved, or moves by `tick` whenever it is looked at.
class TickingClock : public Clock {
 public:
  double monotonic_seconds() const override { return now_ += tick; }
  std::string utc_timestamp() const override { return "2026-01-02T03:04:05.678Z"; }
  std::int64_t seconds_since_1970() const override { return 1764424800 + static_cast<std::int64_t>(now_); }
  void advance(double seconds) { now_ += seconds; }

  double tick = 0;

 private:
  mutable double now_ = 1000;
};

inline protocol::Run train(std::int64_t task, const std::string& key, std::int64_t threads = 1, const std::string& device = "") {
  protocol::Run run;
  run.task = task;
  run.stage = "train";
  run.key = key;
  run.threads = threads;
  run.device = device;
  run.extents = {0};
  return run;
}

// Events as short lines: notes as they are.
inline std::string text_of(const ExecutorEvent& event) {
  if (auto* note = std::get_if<WorkerNote>(&event)) return note->text;
  if (auto* lost = std::get_if<WorkerLost>(&event)) return "lost " + std::to_string(lost->task) + " " + lost->kind;
  if (auto* returned = std::get_if<TaskReturned>(&event)) return "returned " + std::to_string(returned->task);
  if (auto* done = std::get_if<protocol::Done>(&event)) return "done " + std::to_string(done->task);
  if (auto* failed = std::get_if<protocol::Failed>(&event)) return "failed " + std::to_string(failed->task) + " " + failed->kind;
  return "something";
}

// An executor whose workers are the test's.
class ExecutorTest : public ::testing::Test {
 protected:
  ExecutorTest() {
    options_.worker.program = "the-worker";
    options_.worker.stages = stages_;
    options_.results = temporary_.path();
    options_.run = "r";
    options_.logs = temporary_ / "logs";
  }

  // One that beats until it falls silent.
  WorkerByHand& worker(const std::string& name, WorkerPlace place = {.host = "n1", .cores = 4}) {
    return workers_.emplace_back(folder_, name, std::move(place));
  }
  // ... found by the executor and ready.
  WorkerByHand& ready_worker(const std::string& name, WorkerPlace place = {.host = "n1", .cores = 4}) {
    WorkerByHand& one = worker(name, std::move(place));
    turn();
    one.says_hello("r/1", stages_);
    turn();
    return one;
  }
  bool takes(const WorkKind& kind, std::int64_t threads, double seconds = 0) const { return executor_->taker_of(kind, threads, seconds) == Taker::somebody; }
  void falls_silent(const WorkerByHand& worker) { silent_.insert(&worker); }

  // The longest time between two looks at anything but heartbeats.
  void turn(double seconds = 2) {
    clock_.advance(seconds);
    for (WorkerByHand& one : workers_) {
      if (!silent_.contains(&one)) one.beat();
    }
    for (const ExecutorEvent& event : executor_->wait(0, -1)) events_.push_back(text_of(event));
  }
  // Seconds until an event begins so; `limit` where none comes.
  double seconds_until(const std::string& beginning, double limit) {
    events_.clear();
    for (double seconds = 0; seconds < limit; seconds += 2) {
      for (const std::string& event : events_) {
        if (event.starts_with(beginning)) return seconds;
      }
      turn();
    }
    return limit;
  }
  // Since the last call.
  Strings events() { return std::exchange(events_, {}); }

  TemporaryFolder temporary_{folder_in_memory()};
  const MailboxFolder folder_{temporary_ / "mailbox"};
  const std::map<std::string, int> stages_{{"train", 2}};
  TickingClock clock_;
  ExecutorOptions options_;
  std::deque<WorkerByHand> workers_;
  std::set<const WorkerByHand*> silent_;
  Strings events_;
  std::unique_ptr<MailboxExecutor> executor_;
};

}  // namespace latentgrid::testing
