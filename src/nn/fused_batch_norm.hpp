#pragma once

#include <torch/nn/modules/batchnorm.h>

#include "nn/batch_norm_kernels.hpp"

namespace latentgrid::nn {

// torch.nn.BatchNorm2d with the ReLU before or after it, and the 2×2 max pooling of stride 2 behind them, read and
// written together: alone each is a pass over memory or two, and as many for its gradient. The values are PyTorch's to
// rounding, running statistics included, and the same for any number of threads; its rule for equal maxima (the first)
// holds. There is no second derivative.

struct FusedBatchNorm {
  BatchNormForm form;
  bool pools = false;
};

// Of float32 on the CPU in channels_last, with channels in multiples of 16; of even height and width if it pools. In
// eval mode only where no gradient is recorded.
bool can_fuse(const at::Tensor& input, const torch::nn::BatchNorm2dImpl& norm, bool pools);

// Only where it can be fused. In training mode it updates the running statistics.
at::Tensor fused_batch_norm(const at::Tensor& input, torch::nn::BatchNorm2dImpl& norm, const FusedBatchNorm& fused);

}  // namespace latentgrid::nn
