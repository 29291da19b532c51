#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace latentgrid::nn {

// Parameters or buffers, as PyTorch names them ("encoder.0.weight"), in the order of the layers.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

}  // namespace latentgrid::nn
