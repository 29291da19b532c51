#pragma once

#include "base/json.hpp"

namespace latentgrid::worker {

// What this process runs on: host, pid, build, git commit, LibTorch, BLAS, SIMD, cores. Goes into the hello message, into
// every task.json, and is what `--describe` prints.
Json describe_environment();

}  // namespace latentgrid::worker
