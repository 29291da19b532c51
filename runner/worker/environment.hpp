#pragma once

#include "base/json.hpp"

namespace latentgrid::worker {

// What this process runs on: host, pid, build, git commit, device, cores, BLAS, instruction set of our own kernels; of LibTorch
// its version, instruction set and threads, once it is loaded. Goes into every task.json.
Json describe_environment();

}  // namespace latentgrid::worker
