#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "launch/command.hpp"

namespace latentgrid {

// Commands that run one after the other. Nothing blocks but wait().
class CommandSeries {
 public:
  enum class AfterFailure { stop, go_on };

  CommandSeries(std::vector<CommandOptions> commands, AfterFailure after_failure, const Clock& clock);

  std::vector<int> descriptors() const;  // as Command's
  bool poll();                           // true once all are done that will be
  void wait();
  const std::vector<CommandResult>& results() const { return results_; }  // of those that ran

 private:
  std::vector<CommandOptions> commands_;
  AfterFailure after_failure_;
  const Clock* clock_;
  std::unique_ptr<Command> running_;
  std::vector<CommandResult> results_;
};

// What a scheduler was asked and will say. Dropped before that, it ends the command that runs; what it did remains.
template <typename T>
class Answer {
 public:
  using Read = std::function<T(const std::vector<CommandResult>&)>;  // throws SchedulerError

  Answer(std::vector<CommandOptions> commands, Read read, const Clock& clock,
         CommandSeries::AfterFailure after_failure = CommandSeries::AfterFailure::stop)
      : commands_(std::move(commands), after_failure, clock), read_(std::move(read)) {}

  std::vector<int> descriptors() const { return commands_.descriptors(); }
  bool poll() { return commands_.poll(); }              // call it at least once a second; true: get() has it
  T get() const { return read_(commands_.results()); }  // throws SchedulerError
  T wait() {
    commands_.wait();
    return get();
  }

 private:
  CommandSeries commands_;
  Read read_;
};

}  // namespace latentgrid
