#pragma once

#include <gtest/gtest.h>
#include <stdio.h>

#include <cstdint>
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/file_system.hpp"
#include "pool/executor.hpp"
#include "run/interrupts.hpp"
#include "store/artifact_store.hpp"
#include "support/fake_clock.hpp"

// What a run works with, in the hands of a test.
namespace latentgrid::testing {

class FakeInterrupts : public Interrupts {
 public:
  int fd() const override { return -1; }
  int take() override { return std::exchange(arrived, 0); }

  int arrived = 0;
};

// Workers that take one step at each wait(). A step is one of
//   publish      the next extent, and says so
//   done         publishes what is left, and says so
//   progress     half of it
//   damage       publishes the next extent with a record that can't be read, and says so
//   lie          says done and has left nothing
//   fail KIND    says that the task failed
//   lose KIND    the worker is lost
//   nothing      time passes
class FakeExecutor : public Executor {
 public:
  using Steps = std::deque<std::string>;

  FakeExecutor(const ArtifactStore& store, FakeClock& clock, int slots) : store_(store), clock_(clock), slots_(slots) {}

  int slots() const override { return slots_; }
  int free_slots() const override { return slots_ - static_cast<int>(tasks_.size()); }
  int free_threads() const override {
    std::int64_t free = slots_;
    for (const Task& task : tasks_) free -= task.run.threads;
    return static_cast<int>(free);
  }
  std::vector<int> gpu_slots() const override { return gpus; }

  Taker taker_of(const WorkKind& kind, std::int64_t, double seconds) const override { return taker ? taker(kind, seconds) : Taker::somebody; }
  void send_away_those_without_time_for(const std::vector<LongTask>& tasks) override { too_long.push_back(tasks); }

  void submit(const protocol::Run& run, double expected_s) override {
    EXPECT_GT(free_slots(), 0);
    EXPECT_FALSE(stopped) << "a task was started after stop()";
    for (const auto& [name, input] : run.inputs) {
      EXPECT_TRUE(store_.exists(input.first, input.second)) << run.stage << " was started before its " << name;
    }
    submitted.push_back(run);
    expected.push_back(expected_s);
    Task task{run, steps ? steps(run) : Steps{}, 0};
    if (task.steps.empty()) {
      if (run.extents.size() > 1) task.steps.insert(task.steps.end(), run.extents.size(), "publish");
      task.steps.push_back("done");
    }
    tasks_.push_back(std::move(task));
  }

  void share(std::int64_t task, std::int64_t threads) override { shared[task] = threads; }

  std::vector<ExecutorEvent> wait(double timeout_s, int) override {
    const auto next = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& t) { return at_once.contains(t.run.stage); });
    if (next != tasks_.end()) return step(static_cast<std::size_t>(next - tasks_.begin()));
    if (before_wait) before_wait();
    clock_.advance(tasks_.empty() ? timeout_s : seconds_a_step);
    if (tasks_.empty()) return {};
    return step(tasks_.size() == 1 ? 0 : choose(tasks_.size()));
  }

  void stop() override {
    stopped = true;
    for (Task& task : tasks_) task.steps = steps_after_stop;
  }
  void terminate() override {
    terminated = true;
    tasks_.clear();
  }

  // "train 1, load 1": stages and attempts of what was submitted, in this order.
  std::string stages() const {
    std::string text;
    for (const protocol::Run& run : submitted) {
      text += (text.empty() ? "" : ", ") + run.stage + " " + std::to_string(run.attempt);
    }
    return text;
  }
  int count(const std::string& stage) const {
    return static_cast<int>(
        std::count_if(submitted.begin(), submitted.end(), [&](const protocol::Run& run) { return run.stage == stage; }));
  }

  std::vector<int> gpus;
  std::function<Steps(const protocol::Run&)> steps;  // of a task; none: all goes well
  Steps steps_after_stop = {"fail interrupted"};
  std::function<std::size_t(std::size_t)> choose = [](std::size_t) { return 0; };  // whose turn it is
  std::set<std::string> at_once = {"labels"};  // stages that take no time and have no turn
  std::function<void()> before_wait;
  double seconds_a_step = 0.01;
  std::function<Taker(const WorkKind& kind, double seconds)> taker;
  std::vector<std::vector<LongTask>> too_long;  // before each wait
  std::vector<protocol::Run> submitted;
  std::vector<double> expected;  // of each, so many seconds
  std::map<std::int64_t, std::int64_t> shared;
  bool stopped = false, terminated = false;

 private:
  struct Task {
    protocol::Run run;
    Steps steps;
    std::size_t published = 0;
  };

  void publish(Task& task) {
    const ArtifactId id{task.run.key, task.run.extents.at(task.published++)};
    if (store_.exists(task.run.stage, id)) return;
    const Json record = {
        {"metrics", task.run.stage == "score" ? Json{{"accuracy", 0.75}} : Json::object()},
        {"record", Json::object()},
        {"provenance", {{"host", "fake"}, {"device", "cpu"}, {"threads", 1}, {"build", "fake"}, {"git_commit", "fake"}}},
        {"usage", {{"wall_s", 0.5}, {"cpu_s", 0.25}, {"peak_rss_kb", 1024}}}};
    store_.publish(store_.new_staging_folder(), task.run.stage, id, record);
  }

  std::vector<ExecutorEvent> step(std::size_t place) {
    Task& task = tasks_.at(place);
    const std::int64_t id = task.run.task;
    const std::string step = task.steps.front(), kind = step.substr(step.find(' ') + 1);
    task.steps.pop_front();
    if (step == "nothing") return {};
    if (step == "progress") return {protocol::Progress{id, 1, 2}};
    if (step == "publish" || step == "damage") {
      publish(task);
      const std::int64_t extent = task.run.extents[task.published - 1];
      if (step == "damage") write_file(store_.folder(task.run.stage, {task.run.key, extent}) / "task.json", "{");
      return {protocol::ArtifactReady{id, extent}};
    }
    if (step == "done") {
      while (task.published < task.run.extents.size()) publish(task);
    }
    tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(place));
    if (step.starts_with("fail ")) return {protocol::Failed{id, kind, "so it was told"}};
    if (step.starts_with("lose ")) return {WorkerLost{id, kind, "so it was told"}};
    return {protocol::Done{id}};
  }

  const ArtifactStore& store_;
  FakeClock& clock_;
  int slots_;
  std::vector<Task> tasks_;  // that run, in the order they came
};

// A stream that hands each thing written to it to `on_write` and keeps it.
class WatchedStream {
 public:
  WatchedStream() : file_(::fopencookie(this, "w", {nullptr, write, nullptr, nullptr})) { ::setvbuf(file_, nullptr, _IONBF, 0); }
  ~WatchedStream() { std::fclose(file_); }
  WatchedStream(const WatchedStream&) = delete;
  WatchedStream& operator=(const WatchedStream&) = delete;

  std::FILE* file() { return file_; }

  std::string text;
  std::function<void(const std::string&)> on_write;

 private:
  static ssize_t write(void* cookie, const char* data, std::size_t size) {
    auto& stream = *static_cast<WatchedStream*>(cookie);
    stream.text.append(data, size);
    if (stream.on_write) stream.on_write(std::string(data, size));
    return static_cast<ssize_t>(size);
  }

  std::FILE* file_;
};

// Every sequence of choices, one a pass: do { ... choices(n) ... } while (choices.next()).
class Choices {
 public:
  std::size_t operator()(std::size_t among) {
    if (at_ == made_.size()) made_.emplace_back(0, among);
    EXPECT_EQ(made_[at_].second, among) << "the passes differ in more than what was chosen";
    return made_[at_++].first;
  }
  bool next() {
    made_.resize(at_);
    at_ = 0;
    ++passes;
    while (!made_.empty() && ++made_.back().first == made_.back().second) made_.pop_back();
    return !made_.empty();
  }

  int passes = 0;

 private:
  std::vector<std::pair<std::size_t, std::size_t>> made_;
  std::size_t at_ = 0;
};

}  // namespace latentgrid::testing
