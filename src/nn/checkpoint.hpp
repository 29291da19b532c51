#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "nn/named_tensors.hpp"
#include "nn/optimizer.hpp"

namespace latentgrid::nn {

// A folder of .npy files: `NNN_<name>.npy` for the tensors of a model in their order; `optimizer/NNN_<name>.<state>.npy` likewise
// for its parameters, and `optimizer/steps.npy`. The bytes depend on nothing but the values.
void save_model(const std::filesystem::path& folder, const NamedTensors& tensors);
void save_optimizer(const std::filesystem::path& folder, const NamedTensors& parameters, Optimizer& optimizer);

bool has_optimizer(const std::filesystem::path& folder);

// Write into the tensors; there may be further ones behind them. Throw Error naming the file if one is absent or of another shape.
void load_model(const std::filesystem::path& folder, const NamedTensors& tensors);
void load_optimizer(const std::filesystem::path& folder, const NamedTensors& parameters, Optimizer& optimizer);

// The float32 tensor of this name, wherever it stands among a model's; nothing if there is none. Throws Error if it can't be read.
std::optional<at::Tensor> load_tensor(const std::filesystem::path& folder, const std::string& name);

}  // namespace latentgrid::nn
