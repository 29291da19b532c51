#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "pool/executor.hpp"

namespace latentgrid {

// A kind of executor: all that plans and commands know of it.
struct ExecutorKind {
  std::string_view name;
  std::string_view doc;  // for `run --help`
  int (*gpus)();  // how many its tasks can use, which is what `device: auto` asks
  std::unique_ptr<Executor> (*make)(const ExecutorOptions& options, const Clock& clock);
};

const std::vector<ExecutorKind>& executors();  // the first is the default

}  // namespace latentgrid
