#pragma once

#include <exception>
#include <string>

#include "base/json.hpp"

namespace latentgrid::nn {

// Threads of LibTorch's operators, OpenMP and the BLAS for what follows on this thread. LibTorch may start with 1.
void set_threads(int threads);

// Larger freed blocks stay with the process: activations of a batch are allocated and freed again and again, and a page fault
// for each of their pages costs a fifth of the training. Call before the first allocation of size.
void keep_freed_memory();

// What is loaded: {"libtorch", "simd", "device", "cores", "threads", "blas": {"library", "config", "threading"}}.
// `threading` is "openmp", "pthreads", "serial" or "unknown".
Json describe_runtime();

// LibTorch reports exhausted memory as an error of its own, and errors with a backtrace.
bool is_out_of_memory(const std::exception& error);
std::string message_without_backtrace(const std::exception& error);

}  // namespace latentgrid::nn
