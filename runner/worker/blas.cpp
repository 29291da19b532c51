#include "worker/blas.hpp"

#include <dlfcn.h>
#include <omp.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace latentgrid::worker {

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

}  // namespace

Json describe_blas() {
  Json blas = {{"library", blas_library()}, {"config", ""}, {"threading", "unknown"}};
  if (auto* config = find_symbol<char*()>("openblas_get_config")) blas["config"] = config();
  if (auto* parallel = find_symbol<int()>("openblas_get_parallel")) {
    int kind = parallel();
    blas["threading"] = kind == 2 ? "openmp" : kind == 1 ? "pthreads" : "serial";
  }
  return blas;
}

void set_blas_threads(int threads) {
  omp_set_num_threads(threads);
  if (auto* set = find_symbol<void(int)>("openblas_set_num_threads")) set(threads);
}

}  // namespace latentgrid::worker
