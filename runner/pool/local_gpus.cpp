#include "pool/local_gpus.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// /dev/nvidia0, /dev/nvidia1, ...; in a container those it was given.
int device_files() {
  std::error_code none;
  int found = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/dev", none)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("nvidia") || name.size() == 6) continue;
    found += std::all_of(name.begin() + 6, name.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  }
  return found;
}

bool names_gpu(std::string_view name, int present) {
  if (name.starts_with("GPU-") || name.starts_with("MIG-")) return true;
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() && number >= 0 && number < present;
}

}  // namespace

int gpus_named(std::string_view list, int present) {
  int named = 0;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (!names_gpu(list.substr(0, comma), present)) break;
    ++named;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return std::min(named, present);
}

bool built_with_cuda() {
  return LATENTGRID_WITH_CUDA != 0;
}

int visible_gpus() {
  if (!built_with_cuda()) return 0;
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return visible ? gpus_named(visible, device_files()) : device_files();
}


std::string why_no_gpu_here() {
  if (!built_with_cuda()) {
    return "this program was built with a LibTorch without CUDA\n"
           "  hint: build with one that has it (docs/gpu.md), or write device: auto or cpu";
  }
  return "there is no NVIDIA GPU here (no /dev/nvidia0, or CUDA_VISIBLE_DEVICES hides it)\n"
         "  hint: device: auto takes a GPU only where there is one";
}

}  // namespace latentgrid
