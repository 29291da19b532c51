#include "nn/compute.hpp"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <cstdlib>

#include "base/error.hpp"
#include "nn/gpus.hpp"

namespace latentgrid::nn {

namespace {

// cuBLAS sums in an order of its own unless it has a workspace for each stream; read as LibTorch first uses it.
void ask_for_equal_bits() {
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
  at::globalContext().setDeterministicFillUninitializedMemory(false);  // a pass over every new tensor
#endif
}

void allow_tf32(bool allowed) {
  at::globalContext().setAllowTF32CuBLAS(allowed);
  at::globalContext().setAllowTF32CuDNN(allowed);
}

at::Device parse_device(const std::string& name) {
  try {
    return at::Device(name);
  } catch (const c10::Error& error) {
    throw Error(fmt::format("a device is cpu, cuda or cuda:N, not '{}'", name));
  }
}

// LibTorch 2.4 gave all devices one pair of functions.
void set_autocast(at::DeviceType device, bool on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_enabled(device, on);
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
#else
  if (device == at::kCPU) {
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  } else {
    at::autocast::set_enabled(on);
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
  }
#endif
}

}  // namespace

at::Device device_from(const std::string& name) {
  const at::Device device = parse_device(name);
  if (device.is_cpu()) return device;
  if (!device.is_cuda()) throw Error(fmt::format("a device is cpu, cuda or cuda:N, not '{}'", name));
  const auto gpus = static_cast<int>(describe_gpus().at("gpus").size());
  if (device.index() >= gpus || gpus == 0) {
    throw Error(fmt::format("there is no device '{}': this build of LibTorch sees {} here", name,
                            gpus == 0   ? "no GPU"
                            : gpus == 1 ? "1 GPU"
                                        : fmt::format("{} GPUs", gpus)));
  }
  ask_for_equal_bits();
  return device;
}

Compute::Compute(const Arithmetic& arithmetic)
    : device_(device_from(arithmetic.device)) {
  const std::string& precision = arithmetic.precision;
  if (precision != "float32" && precision != "tf32" && precision != "bfloat16") {
    throw Error(fmt::format("precision is float32, tf32 or bfloat16, not '{}'", precision));
  }
  if (precision == "tf32" && device_.is_cpu()) throw Error("precision tf32 is a mode of NVIDIA's GPUs, not of the CPU");
  if (!device_.is_cpu()) allow_tf32(precision == "tf32");
  autocasts_ = precision == "bfloat16";
  if (arithmetic.convolution != "winograd" && arithmetic.convolution != "direct") {
    throw Error(fmt::format("convolution is winograd or direct, not '{}'", arithmetic.convolution));
  }
  const bool portable = arithmetic.arithmetic == "portable";  // oneDNN's Winograd kernels are of AVX-512
  if (!portable && arithmetic.arithmetic != "native") throw Error(fmt::format("arithmetic is native or portable, not '{}'", arithmetic.arithmetic));
  allows_winograd_ = arithmetic.convolution == "winograd" && device_.is_cpu() && !autocasts_ && !portable;
}

Autocast::Autocast(const Compute& compute) : device_(compute.device().type()), on_(compute.autocasts()) {
  if (!on_) return;
  set_autocast(device_, true);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_autocast(device_, false);
}

}  // namespace latentgrid::nn
