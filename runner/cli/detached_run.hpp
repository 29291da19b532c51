#pragma once

#include "cli/commands.hpp"
#include "pool/executors.hpp"
#include "spec/sweep.hpp"

namespace latentgrid::cli {

// Has the executor's scheduler start this same command, which goes on there; says where. The exit code.
int detach_run(const Context& context, const ExecutorKind& executor, const ExecutorOptions& options, const Sweep& sweep);

}  // namespace latentgrid::cli
