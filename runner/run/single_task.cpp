#include "run/single_task.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "run/run_limits.hpp"

namespace latentgrid {

bool run_single_task(protocol::Run task, Executor& executor, Interrupts& interrupts, const Clock& clock) {
  bool stopping = false;
  double deadline = 0;
  executor.submit(task);
  for (;;) {
    for (const ExecutorEvent& event : executor.wait(seconds_between_turns, interrupts.fd())) {
      if (std::holds_alternative<protocol::Done>(event)) return true;
      if (auto* failed = std::get_if<protocol::Failed>(&event)) {
        if (stopping && failed->kind == "interrupted") return false;
        throw Error(fmt::format("{} failed ({}): {}{}", task.stage, failed->kind, failed->message, failed->worker.empty() ? "" : "\n  " + failed->worker));
      }
      if (auto* lost = std::get_if<WorkerLost>(&event)) {
        if (stopping) return false;
        if (task.attempt >= attempts_for_lost_workers) {
          throw Error(fmt::format("{} failed ({}): {}", task.stage, lost->kind, lost->message));
        }
        ++task.attempt;
        executor.submit(task);
      }
    }
    const int signals = interrupts.take();
    if (signals > 0 && !stopping) {
      stopping = true;
      deadline = clock.monotonic_seconds() + seconds_to_stop;
      executor.stop();
    } else if (stopping &&
               (signals > 0 || clock.monotonic_seconds() > deadline)) {  // asked twice, or it takes too long
      executor.terminate();
      return false;
    }
  }
}

}  // namespace latentgrid
