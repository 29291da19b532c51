#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "pool/executor.hpp"

namespace latentgrid {

// A kind of executor: all that plans and commands know of it.
struct ExecutorKind {
  std::string_view name;
  std::string_view doc;  // for `run --help`
  bool has_commands = false;  // a sweep's section `launcher` is about it
  // How many GPUs the tasks of a stage may choose from where they leave that open, which is what `device: auto` asks.
  int (*gpus)(const std::string& stage, const std::vector<CrewOptions>& crews);
  int (*gpus_of_any)(const std::vector<CrewOptions>& crews);  // ... and where a sweep asks for one
  std::string (*why_no_gpu)();                                // with the remedy
  std::string (*memory_advice)(const std::string& stage);     // how a worker that does it gets more, or the others take less
  // The way to the scheduler that starts its workers; null: nobody does.
  std::unique_ptr<Launcher> (*launcher)(const ExecutorOptions& options, const Clock& clock);
  std::unique_ptr<Executor> (*make)(const ExecutorOptions& options, const Clock& clock);
};

const std::vector<ExecutorKind>& executors();  // the first is the default

}  // namespace latentgrid
