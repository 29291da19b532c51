#include <stdexcept>

#include "nn/winograd.hpp"

namespace latentgrid::nn {

bool has_winograd_kernels() {
  return false;
}

bool has_winograd(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::array<std::int64_t, 2>) {
  return false;
}

at::Tensor winograd_convolution(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::array<std::int64_t, 2>) {
  throw std::logic_error("built without oneDNN");
}

}  // namespace latentgrid::nn
