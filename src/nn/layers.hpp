#pragma once

#include <torch/nn/modules/container/sequential.h>

#include "base/json.hpp"

namespace latentgrid::nn {

// The PyTorch module of one layer: arguments and their meaning are torch.nn's, two-dimensional sizes one integer or a pair.
// Parameters are initialised by PyTorch's default from the global generator. Throws Error on an unknown type or argument.
torch::nn::AnyModule make_layer(const Json& layer);

// The layers in order, named "0", "1", ... as in torch.nn.Sequential.
torch::nn::Sequential make_sequence(const Json& layers);

}  // namespace latentgrid::nn
