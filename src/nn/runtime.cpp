#include "nn/runtime.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <new>

#include "nn/gpus.hpp"
#include "nn/winograd.hpp"

namespace latentgrid::nn {

namespace {

// The instruction set LibTorch chose for its own kernels, from the one line of its configuration that names it.
std::string simd() {
  const std::string config = at::show_config(), label = "CPU capability usage: ";
  std::size_t at = config.find(label);
  if (at == std::string::npos) return "unknown";
  at += label.size();
  return config.substr(at, config.find_first_of(" \n", at) - at);
}

// Artifacts say true of oneDNN's kernels, which were the only ones once.
Json winograd_in_words() {
  if (!has_winograd_kernels()) return false;
  return winograd_kernels() == "oneDNN" ? Json(true) : Json(winograd_kernels());
}

}  // namespace

void set_threads(int threads) {
  at::set_num_threads(threads);
}

Json describe_runtime() {
  Json runtime = {{"libtorch", TORCH_VERSION},
                  {"libtorch_simd", simd()},
                  {"winograd", winograd_in_words()},
                  {"threads", at::get_num_threads()}};
  runtime.update(describe_gpus());
  return runtime;
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return true;
  // The texts of c10/core/impl/alloc_cpu.cpp and of the CUDA allocator; they have no type in common.
  std::string message = message_without_backtrace(error);
  for (const char* text : {"can't allocate memory", "not enough memory", "out of memory"}) {
    if (message.find(text) != std::string::npos) return true;
  }
  return false;
}

bool is_gpu_failure(const std::exception& error) {
  if (is_out_of_memory(error)) return false;
  // C10_CUDA_CHECK's text (cuBLAS's errors carry it too) and cuDNN's; there is no type for them before LibTorch 2.8.
  const std::string message = message_without_backtrace(error);
  return message.find("CUDA error: ") != std::string::npos || message.find("cuDNN error: ") != std::string::npos;
}

std::string message_without_backtrace(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  return torch_error ? torch_error->what_without_backtrace() : error.what();
}

}  // namespace latentgrid::nn
