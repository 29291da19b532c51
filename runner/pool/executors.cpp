#include "pool/executors.hpp"

#include "pool/local_executor.hpp"
#include "pool/local_gpus.hpp"

namespace latentgrid {

namespace {

template <typename Kind>
std::unique_ptr<Executor> make(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<Kind>(options, clock);
}

}  // namespace

const std::vector<ExecutorKind>& executors() {
  static const std::vector<ExecutorKind> kinds = {{.name = "local", .gpus = visible_gpus, .make = make<LocalExecutor>}};
  return kinds;
}

}  // namespace latentgrid
