#include "nn/transposed_convolution.hpp"

#include <ATen/ATen.h>

#include "nn/both_dimensions.hpp"

namespace latentgrid::nn {

bool TransposedConvolutionImpl::is_one_product(const at::Tensor& input) const {
  const auto* padding =
      get_if<torch::ExpandingArray<2>>(&options.padding());  // c10's variant, or std's from LibTorch 2.1
  return input.dim() == 4 && input.is_cpu() && weight.is_contiguous(at::MemoryFormat::ChannelsLast) &&
         options.groups() == 1 && *options.stride() == *options.kernel_size() && padding && are_both(*padding, 0) &&
         are_both(options.output_padding(), 0) && are_both(options.dilation(), 1);
}

at::Tensor TransposedConvolutionImpl::forward(const at::Tensor& input) {
  if (!is_one_product(input)) return ConvTranspose2dImpl::forward(input);
  const std::int64_t n = input.size(0), in = input.size(1), h = input.size(2), w = input.size(3);
  const std::int64_t out = weight.size(1), kh = weight.size(2), kw = weight.size(3);
  const at::Tensor pixels = input.permute({0, 2, 3, 1}).reshape({n * h * w, in});
  const at::Tensor matrix = weight.permute({0, 2, 3, 1}).reshape({in, kh * kw * out});
  const at::Tensor blocks = bias.defined() ? at::addmm(bias.repeat({kh * kw}), pixels, matrix) : at::mm(pixels, matrix);
  return blocks.view({n, h, w, kh, kw, out})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({n, h * kh, w * kw, out})
      .permute({0, 3, 1, 2});
}

}  // namespace latentgrid::nn
