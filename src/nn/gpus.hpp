#pragma once

#include "base/json.hpp"

namespace latentgrid::nn {

// {"cuda": its version or null without, "gpus": [{"name", "memory_mib"}]} of those that this process sees. The first
// call initializes CUDA.
Json describe_gpus();

}  // namespace latentgrid::nn
