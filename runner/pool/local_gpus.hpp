#pragma once

#include <string>
#include <string_view>

namespace latentgrid {

// NVIDIA GPUs that a worker of this build can use, numbered as CUDA does from 0: those with a device file, at most as
// many as CUDA_VISIBLE_DEVICES names. 0 where LibTorch was built without CUDA. Nothing is loaded for it: the worker may
// still find that a driver doesn't work.
int visible_gpus();

// How many of the GPUs that are present CUDA_VISIBLE_DEVICES leaves: CUDA reads numbers and UUIDs until one is no device, so
// that -1 or an empty list hides them all.
int gpus_named(std::string_view cuda_visible_devices, int present);

// Why visible_gpus() is 0, with the remedy.
std::string why_no_gpu_here();

// Is this build's LibTorch one with CUDA?
bool built_with_cuda();

}  // namespace latentgrid
