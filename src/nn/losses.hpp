#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace latentgrid::nn {

// Of a batch's reconstructions, the mean over all values: torch.nn.functional's mse_loss, l1_loss, smooth_l1_loss (beta 1) and
// binary_cross_entropy, which takes values of [0, 1] alone.
using LossFunction = at::Tensor (*)(const at::Tensor& reconstructed, const at::Tensor& images);

LossFunction loss_function(const std::string& name);  // "mse", "l1", "smooth_l1" or "bce"; throws Error

}  // namespace latentgrid::nn
