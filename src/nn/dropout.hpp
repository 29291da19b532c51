#pragma once

#include <torch/nn/modules/dropout.h>

namespace latentgrid::nn {

// torch.nn.Dropout. On the CPU the same values are dropped for either memory format, as LibTorch 1.13 does it: the mask is drawn in the
// order of N×C×H×W. LibTorch 2.6 draws it in the order of memory.
class DropoutImpl : public torch::nn::DropoutImpl {
 public:
  using torch::nn::DropoutImpl::DropoutImpl;
  at::Tensor forward(const at::Tensor& input);
};
TORCH_MODULE(Dropout);

}  // namespace latentgrid::nn
