#pragma once

#include "base/clock.hpp"
#include "pool/executor.hpp"
#include "run/interrupts.hpp"

namespace latentgrid {

// Runs one task that belongs to no sweep, as a sweep's run would: a lost worker is replaced and the task tried once
// more, the task's own failure is an Error. False if an interrupt ended it.
bool run_single_task(protocol::Run task, Executor& executor, Interrupts& interrupts, const Clock& clock);

}  // namespace latentgrid
