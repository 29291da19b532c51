#pragma once

#include <exception>
#include <string>

#include "base/json.hpp"
#include "nn/encoder.hpp"
#include "nn/export.hpp"
#include "nn/generation.hpp"
#include "nn/reconstruction.hpp"
#include "nn/kernels.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// What needs LibTorch, in a shared library of its own, latentgrid-torch.so beside the program: loading LibTorch takes half a
// second and 150 MiB, which a worker that never trains nor applies a model saves.
struct TorchModule {
  void (*run_train)(TaskContext&);
  void (*run_refine)(TaskContext&);
  decltype(&nn::encode_images) encode_images;
  decltype(&nn::reconstruct_images) reconstruct_images;
  decltype(&nn::interpolate_images) interpolate_images;
  decltype(&nn::sample_images) sample_images;
  decltype(&nn::export_encoder) export_encoder;
  decltype(&nn::run_kernel) run_kernel;
  void (*set_threads)(int);
  Json (*describe)();
  bool (*is_out_of_memory)(const std::exception&);
  bool (*is_gpu_failure)(const std::exception&);
  void (*release_gpu_memory)();
  std::string (*message_without_backtrace)(const std::exception&);
};

// Loads it if it isn't yet; LibTorch then has as many threads as OpenMP. Throws Error if it can't be.
const TorchModule& torch_module();

// Null before the first torch_module().
const TorchModule* loaded_torch_module();

}  // namespace latentgrid::worker
