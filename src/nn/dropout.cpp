#include "nn/dropout.hpp"

#include <ATen/ATen.h>

namespace latentgrid::nn {

at::Tensor DropoutImpl::forward(const at::Tensor& input) {
  const double p = options.p();
  const bool draws = is_training() && p > 0 && p < 1;
  if (!draws || !input.device().is_cpu()) return torch::nn::DropoutImpl::forward(input);
  const at::Tensor kept = at::empty(input.sizes(), input.options()).bernoulli_(1 - p).div_(1 - p);
  return input * kept;
}

}  // namespace latentgrid::nn
