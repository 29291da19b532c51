#pragma once

#include "cli/commands.hpp"
#include "pool/detached.hpp"
#include "pool/executors.hpp"
#include "spec/sweep.hpp"

namespace latentgrid::cli {

// This same command, without --detach.
DetachedRun detached_run(const Context& context, const ExecutorKind& executor, const ExecutorOptions& options, const Sweep& sweep);

void print_job(const DetachedJob& job, const Context& context);

}  // namespace latentgrid::cli
