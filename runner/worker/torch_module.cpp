#include "worker/torch_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <omp.h>

#include <filesystem>

#include "base/error.hpp"

namespace latentgrid::worker {

namespace {

const TorchModule* loaded = nullptr;

const TorchModule* load() {
  const std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "latentgrid-torch.so";
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw Error(fmt::format("LibTorch's part of the worker cannot be loaded: {}", dlerror()));
  auto* entry = reinterpret_cast<const TorchModule* (*)()>(dlsym(library, "latentgrid_torch_module"));
  if (!entry) throw Error(fmt::format("{} is no part of this worker: build both anew", file.string()));
  return entry();
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
