#include "nn/checkpoint.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/error.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy.hpp"

namespace latentgrid::nn {

namespace fs = std::filesystem;

namespace {

template <typename T>
void write_as(const fs::path& path, const at::Tensor& tensor) {
  write_npy(path, std::span<const T>(tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())),
            std::vector<std::int64_t>(tensor.sizes().begin(), tensor.sizes().end()));
}

void write_tensor(const fs::path& path, const at::Tensor& tensor) {
  at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  if (plain.scalar_type() == at::kFloat) return write_as<float>(path, plain);
  if (plain.scalar_type() == at::kLong) return write_as<std::int64_t>(path, plain);
  throw Error(fmt::format("{}: only float32 and int64 tensors can be saved", path.string()));
}

void read_tensor(const fs::path& path, at::Tensor tensor) {
  at::NoGradGuard no_grad;
  NpyFile file(path);
  const NpyHeader& header = file.header();
  bool real = tensor.scalar_type() == at::kFloat;
  if (header.dtype != (real ? "<f4" : "<i8") || header.fortran_order || at::IntArrayRef(header.shape) != tensor.sizes()) {
    throw Error(fmt::format("{}: the model needs shape ({}), the file has ({}) of {}", path.string(),
                            fmt::join(tensor.sizes(), ", "), fmt::join(header.shape, ", "), header.dtype));
  }
  // from_blob takes a mutable pointer; the mapped file is only read.
  auto* data = const_cast<std::byte*>(file.bytes().data());
  tensor.copy_(at::from_blob(data, header.shape, real ? at::kFloat : at::kLong));
}

// Calls `visit` with the file and the tensor of every piece of the optimizer's state.
template <typename Visit>
void for_each_state(const fs::path& folder, const NamedTensors& parameters, Optimizer& optimizer, const Visit& visit) {
  for (auto& [state, tensors] : optimizer.state()) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      visit(folder / fmt::format("{:03}_{}.{}.npy", i, parameters[i].first, state), tensors[i]);
    }
  }
}

}  // namespace

void save_model(const fs::path& folder, const NamedTensors& tensors) {
  fs::create_directories(folder);
  int i = 0;
  for (const auto& [name, tensor] : tensors) write_tensor(folder / fmt::format("{:03}_{}.npy", i++, name), tensor);
}

void save_optimizer(const fs::path& folder, const NamedTensors& parameters, Optimizer& optimizer) {
  fs::create_directories(folder / optimizer_folder);
  std::int64_t steps = optimizer.steps();
  write_npy(folder / optimizer_folder / "steps.npy", std::span<const std::int64_t>(&steps, 1), {1});
  for_each_state(folder / optimizer_folder, parameters, optimizer, write_tensor);
}

bool has_optimizer(const fs::path& folder) { return fs::exists(folder / optimizer_folder / "steps.npy"); }

void load_model(const fs::path& folder, const NamedTensors& tensors) {
  int i = 0;
  for (const auto& [name, tensor] : tensors) read_tensor(folder / fmt::format("{:03}_{}.npy", i++, name), tensor);
}

void load_optimizer(const fs::path& folder, const NamedTensors& parameters, Optimizer& optimizer) {
  at::Tensor steps = at::zeros({1}, at::kLong);
  read_tensor(folder / optimizer_folder / "steps.npy", steps);
  optimizer.set_steps(steps.item<std::int64_t>());
  for_each_state(folder / optimizer_folder, parameters, optimizer, read_tensor);
}

std::optional<at::Tensor> load_tensor(const fs::path& folder, const std::string& name) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename();
    if (file.substr(file.find('_') + 1) != name + ".npy") continue;
    at::Tensor tensor = at::zeros(NpyFile(entry.path()).header().shape);
    read_tensor(entry.path(), tensor);
    return tensor;
  }
  return std::nullopt;
}

}  // namespace latentgrid::nn
