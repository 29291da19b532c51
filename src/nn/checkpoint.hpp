#pragma once

#include <filesystem>

#include "nn/autoencoder.hpp"
#include "nn/optimizer.hpp"

namespace latentgrid::nn {

// A folder of .npy files: `NNN_<name>.npy` for parameters, then buffers, in the order of the layers;
// `optimizer/NNN_<name>.<state>.npy` likewise and `optimizer/steps.npy`. The bytes depend on nothing but the values.
void save_model(const std::filesystem::path& folder, const AutoencoderModule& model);
void save_optimizer(const std::filesystem::path& folder, const AutoencoderModule& model, Optimizer& optimizer);

bool has_optimizer(const std::filesystem::path& folder);

// Write into the existing tensors. Throw Error naming the file if one is absent or of another shape.
void load_model(const std::filesystem::path& folder, AutoencoderModule& model);
void load_optimizer(const std::filesystem::path& folder, const AutoencoderModule& model, Optimizer& optimizer);

}  // namespace latentgrid::nn
