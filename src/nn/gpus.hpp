#pragma once

#include "base/json.hpp"

namespace latentgrid::nn {

// {"cuda": its version or null without, "gpus": [{"name", "memory_mib"}]} of those that this process sees. The first
// call initializes CUDA.
const Json& describe_gpus();

// Gives back what LibTorch keeps of the GPUs' memory and no tensor uses: a process that waits would hold it against
// the one that computes.
void release_gpu_memory();

}  // namespace latentgrid::nn
