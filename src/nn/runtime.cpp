#include "nn/runtime.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>
#include <torch/version.h>

#include <filesystem>
#include <new>
#include <system_error>

namespace latentgrid::nn {

namespace {

template <typename Function>
Function* find_symbol(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// The file that the BLAS routines of this process come from, links resolved.
std::string blas_library() {
  Dl_info info;
  void* routine = dlsym(RTLD_DEFAULT, "sgemm_");
  if (!routine || !dladdr(routine, &info) || !info.dli_fname) return "";
  std::error_code none;
  std::filesystem::path real = std::filesystem::canonical(info.dli_fname, none);
  return none ? info.dli_fname : real.string();
}

Json describe_blas() {
  Json blas = {{"library", blas_library()}, {"config", ""}, {"threading", "unknown"}};
  if (auto* config = find_symbol<char*()>("openblas_get_config")) blas["config"] = config();
  if (auto* parallel = find_symbol<int()>("openblas_get_parallel")) {
    int kind = parallel();
    blas["threading"] = kind == 2 ? "openmp" : kind == 1 ? "pthreads" : "serial";
  }
  return blas;
}

// The instruction set LibTorch chose for its own kernels, from the one line of its configuration that names it.
std::string simd() {
  const std::string config = at::show_config(), label = "CPU capability usage: ";
  std::size_t at = config.find(label);
  if (at == std::string::npos) return "unknown";
  at += label.size();
  return config.substr(at, config.find_first_of(" \n", at) - at);
}

int usable_cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

}  // namespace

void set_threads(int threads) {
  at::set_num_threads(threads);  // OpenMP's too
  if (auto* set = find_symbol<void(int)>("openblas_set_num_threads")) set(threads);
}

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2047 << 20);
  mallopt(M_TOP_PAD, 512 << 20);
}

Json describe_runtime() {
  return {{"libtorch", TORCH_VERSION}, {"simd", simd()}, {"device", "cpu"},
          {"cores", usable_cores()},   {"threads", at::get_num_threads()}, {"blas", describe_blas()}};
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

std::string message_without_backtrace(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  return torch_error ? torch_error->what_without_backtrace() : error.what();
}

}  // namespace latentgrid::nn
