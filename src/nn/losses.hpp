#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace latentgrid::nn {

// Of a batch's reconstructions, the mean over all values: torch.nn.functional's mse_loss, l1_loss and smooth_l1_loss (beta 1).
using LossFunction = at::Tensor (*)(const at::Tensor& reconstructed, const at::Tensor& images);

LossFunction loss_function(const std::string& name);  // "mse", "l1" or "smooth_l1"; throws Error

}  // namespace latentgrid::nn
