#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

// NVIDIA GPUs that a worker of this build can use, numbered as CUDA does from 0: those with a device file, at most as
// many as CUDA_VISIBLE_DEVICES names. 0 where LibTorch was built without CUDA. Nothing is loaded for it: the worker may
// still find that a driver doesn't work.
int visible_gpus();

// How many of the GPUs that are present CUDA_VISIBLE_DEVICES leaves: CUDA reads numbers and UUIDs until one is no device, so
// that -1 or an empty list hides them all.
int gpus_named(std::string_view cuda_visible_devices, int present);

// Is this build's LibTorch one with CUDA?
bool built_with_cuda();

// What `device` says in a sweep, as the machine has it: "auto" is "cuda" with a GPU and "cpu" without. The number of
// "cuda:1" is taken off, as it changes no result; -1: none is given.
std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus);

// The same for a method's complete parameters. Returns the number; `params` are complete afterwards too. A t-SNE of so many
// images that it takes a grid is the CPU's.
int take_gpu(const MethodSpec& method, Json& params, std::int64_t images, int gpus);

}  // namespace latentgrid
