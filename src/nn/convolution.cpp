#include "nn/convolution.hpp"

#include "nn/both_dimensions.hpp"
#include "nn/winograd.hpp"

namespace latentgrid::nn {

bool ConvolutionImpl::is_winograd(const at::Tensor& input) const {
  if (!winograd_allowed_ || !are_both(options.kernel_size(), 3) || !are_both(options.stride(), 1)) return false;
  if (!are_both(options.dilation(), 1) || options.groups() != 1) return false;
  const auto* padding = get_if<torch::ExpandingArray<2>>(&options.padding());
  const bool zeros = get_if<torch::enumtype::kZeros>(&options.padding_mode()) != nullptr;
  return padding && zeros && has_winograd(input, weight, bias, **padding);
}

at::Tensor ConvolutionImpl::forward(const at::Tensor& input) {
  if (!is_winograd(input)) return Conv2dImpl::forward(input);
  return winograd_convolution(input, weight, bias, **get_if<torch::ExpandingArray<2>>(&options.padding()));
}

}  // namespace latentgrid::nn
