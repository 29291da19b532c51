#pragma once

#include <torch/nn/modules/conv.h>

namespace latentgrid::nn {

// torch.nn.Conv2d, which takes Winograd's algorithm where it is allowed and there is one. Padding "same" is that of PyTorch's
// Python: with another mode than zeros LibTorch 1.13 pads lines by what is due to columns.
class ConvolutionImpl : public torch::nn::Conv2dImpl {
 public:
  using torch::nn::Conv2dImpl::Conv2dImpl;
  at::Tensor forward(const at::Tensor& input);
  void allow_winograd() { winograd_allowed_ = true; }

 private:
  bool is_winograd(const at::Tensor& input) const;
  bool pads_first() const;
  at::Tensor padded(const at::Tensor& input) const;

  bool winograd_allowed_ = false;
};
TORCH_MODULE(Convolution);

}  // namespace latentgrid::nn
