#pragma once

#include <ATen/ATen.h>

namespace latentgrid::testing {

// The largest difference from a float64 tensor, of that one's largest value.
inline double difference(const at::Tensor& tensor, const at::Tensor& exact) {
  return ((tensor.to(at::kDouble) - exact).abs().max() / exact.abs().max().clamp_min(1e-12)).item<double>();
}

}  // namespace latentgrid::testing
