#pragma once

#include <torch/nn/modules/container/sequential.h>

namespace latentgrid::nn {

// What the layers' forward gives, a batch norm fused with the ReLU and the pooling beside it where it can be
// (fused_batch_norm.hpp).
at::Tensor run_layers(torch::nn::Sequential& layers, const at::Tensor& input);

}  // namespace latentgrid::nn
