#include "worker/torch_module.hpp"

#include <omp.h>

#include "base/program_files.hpp"

namespace latentgrid::worker {

namespace {

const TorchModule* loaded = nullptr;

const TorchModule* load() {
  return reinterpret_cast<const TorchModule* (*)()>(
      function_of_library("latentgrid-torch.so", "latentgrid_torch_module"))();
}

}  // namespace

const TorchModule& torch_module() {
  if (!loaded) {
    const int threads = omp_get_max_threads();
    loaded = load();
    loaded->set_threads(threads);
  }
  return *loaded;
}

const TorchModule* loaded_torch_module() {
  return loaded;
}

}  // namespace latentgrid::worker
