#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "launch/launcher.hpp"
#include "support/fake_clock.hpp"

namespace latentgrid::testing {

// What a FakeLauncher is asked and answers. Answers come at once unless they are held.
struct FakeScheduler {
  std::vector<std::string> said;  // by the launcher's caller, in order: "check NAME", "submit NAME FIRST+COUNT", "list", "cancel NAME END", and
                                  // "submission ended" where a held one was dropped or answered
  std::optional<SchedulerError> check_error, submit_error, list_error;
  std::vector<ListedWorker> workers;
  bool holds_submissions = false, holds_cancels = false;
  FakeClock answers;

  void answer_what_is_held() { answers.advance(2); }
  int count(const std::string& beginning) const {
    return static_cast<int>(std::count_if(said.begin(), said.end(), [&](const std::string& text) { return text.starts_with(beginning); }));
  }
};

inline ListedWorker listed_worker(const std::string& name, int index, WorkerState state, const std::string& reason = "") {
  return {.name = name, .index = index, .id = "7_" + std::to_string(index), .state = state, .node = "", .reason = reason};
}

class FakeLauncher : public Launcher {
 public:
  explicit FakeLauncher(FakeScheduler& scheduler) : scheduler_(scheduler) {}

  void check(const WorkerRequest& request) override {
    scheduler_.said.push_back("check " + request.name);
    if (scheduler_.check_error) throw *scheduler_.check_error;
  }
  Answer<std::vector<Submitted>> submit(const WorkerRequest& request) override {
    scheduler_.said.push_back("submit " + request.name + " " + std::to_string(request.first) + "+" + std::to_string(request.count));
    std::shared_ptr<void> end;
    if (scheduler_.holds_submissions) end = std::shared_ptr<void>(nullptr, [this](void*) { scheduler_.said.push_back("submission ended"); });
    return answer<std::vector<Submitted>>(scheduler_.holds_submissions, [error = scheduler_.submit_error, request, end] {
      if (error) throw *error;
      return std::vector<Submitted>{{"7", request.first, request.count}};
    });
  }
  Answer<std::vector<ListedWorker>> list(const std::vector<WorkerRange>&) override {
    scheduler_.said.push_back("list");
    return answer<std::vector<ListedWorker>>(false, [error = scheduler_.list_error, workers = scheduler_.workers] {
      if (error) throw *error;
      return workers;
    });
  }
  Answer<Cancelled> cancel(const WorkerRange& workers) override {
    scheduler_.said.push_back("cancel " + workers.name + " " + std::to_string(workers.end));
    return answer<Cancelled>(scheduler_.holds_cancels, [] { return Cancelled{}; });
  }
  std::filesystem::path log_of(const WorkerRequest& request, int index) override {
    return "/logs/" + request.name + "-" + std::to_string(index) + ".log";
  }

 private:
  // One that is held ends when the time of its command is over.
  template <typename T>
  Answer<T> answer(bool held, std::function<T()> read) {
    std::vector<CommandOptions> commands;
    if (held) commands.push_back({.argv = {"sleep", "600"}, .input = "", .environment = {}, .timeout_s = 1});
    return Answer<T>(std::move(commands), [read = std::move(read)](const auto&) { return read(); }, scheduler_.answers);
  }

  FakeScheduler& scheduler_;
};

}  // namespace latentgrid::testing
