#pragma once

#include <exception>
#include <string>

#include "base/json.hpp"

namespace latentgrid::nn {

// Threads of LibTorch's operators, and so of OpenMP, for what follows on this thread. LibTorch may start with 1.
void set_threads(int threads);

// What is loaded: {"libtorch", "libtorch_simd", "winograd", "threads"} and describe_gpus().
Json describe_runtime();

// LibTorch reports exhausted memory as an error of its own, and errors with a backtrace.
bool is_out_of_memory(const std::exception& error);
// CUDA failed (an illegal address, a GPU fallen off the bus): its state is lost to the process, and whatever it asks of
// the GPU from now on fails too.
bool is_gpu_failure(const std::exception& error);
std::string message_without_backtrace(const std::exception& error);

}  // namespace latentgrid::nn
