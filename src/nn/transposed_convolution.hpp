#pragma once

#include <torch/nn/modules/conv.h>

namespace latentgrid::nn {

// torch.nn.ConvTranspose2d. On the CPU, where every input pixel makes an output block of its own (stride equal to the
// kernel, no padding), a batch in channels_last is one matrix product; LibTorch 1.13 does one product an image and then
// adds the blocks up. Other arguments, devices and layouts are LibTorch's.
class TransposedConvolutionImpl : public torch::nn::ConvTranspose2dImpl {
 public:
  using torch::nn::ConvTranspose2dImpl::ConvTranspose2dImpl;
  at::Tensor forward(const at::Tensor& input);

 private:
  bool is_one_product(const at::Tensor& input) const;
};
TORCH_MODULE(TransposedConvolution);

}  // namespace latentgrid::nn
