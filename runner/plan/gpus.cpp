#include "plan/gpus.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
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

// CUDA reads names of devices until one is no device: -1 or an empty list hides them all.
int named_devices(std::string_view list) {
  int named = 0;
  while (!list.empty() && !list.starts_with('-')) {
    ++named;
    const std::size_t comma = list.find(',');
    list = comma == std::string_view::npos ? "" : list.substr(comma + 1);
  }
  return named;
}

}  // namespace

bool built_with_cuda() {
  return LATENTGRID_WITH_CUDA != 0;
}

int visible_gpus() {
  if (!built_with_cuda()) return 0;
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return visible ? std::min(device_files(), named_devices(visible)) : device_files();
}

std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus) {
  if (written == "auto") return {gpus > 0 ? "cuda" : "cpu", -1};
  const std::size_t colon = written.find(':');
  if (colon == std::string::npos) return {written, -1};
  return {written.substr(0, colon), std::stoi(written.substr(colon + 1))};
}

int take_gpu(const MethodSpec& method, Json& params, int gpus) {
  auto written = params.find("device");
  if (written == params.end()) return -1;
  const auto [device, gpu] = device_and_gpu(*written, gpus);
  *written = device;
  params = method.complete(params);
  return gpu;
}

}  // namespace latentgrid
