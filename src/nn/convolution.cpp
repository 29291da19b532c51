#include "nn/convolution.hpp"

#include <ATen/ATen.h>
#include <torch/nn/functional/padding.h>

#include <array>
#include <vector>

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

bool ConvolutionImpl::pads_first() const {
  return get_if<torch::enumtype::kSame>(&options.padding()) != nullptr;
}

at::Tensor ConvolutionImpl::padded(const at::Tensor& input) const {
  std::vector<std::int64_t> sides;  // the last dimension's first
  for (const std::size_t i : {1, 0}) {
    const std::int64_t all = (*options.dilation())[i] * ((*options.kernel_size())[i] - 1);
    sides.insert(sides.end(), {all / 2, all - all / 2});
  }
  torch::nn::functional::PadFuncOptions pad(sides);
  if (get_if<torch::enumtype::kReflect>(&options.padding_mode())) pad.mode(torch::kReflect);
  if (get_if<torch::enumtype::kReplicate>(&options.padding_mode())) pad.mode(torch::kReplicate);
  if (get_if<torch::enumtype::kCircular>(&options.padding_mode())) pad.mode(torch::kCircular);
  return torch::nn::functional::pad(input, pad);
}

at::Tensor ConvolutionImpl::forward(const at::Tensor& input) {
  if (pads_first()) {
    const std::array<std::int64_t, 2> none = {0, 0};
    return at::conv2d(padded(input), weight, bias, options.stride(), at::IntArrayRef(none), options.dilation(), options.groups());
  }
  if (!is_winograd(input)) return Conv2dImpl::forward(input);
  return winograd_convolution(input, weight, bias, **get_if<torch::ExpandingArray<2>>(&options.padding()));
}

}  // namespace latentgrid::nn
