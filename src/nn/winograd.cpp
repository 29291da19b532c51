#include "nn/winograd.hpp"

#if LATENTGRID_ONEDNN_WINOGRAD
#include "nn/onednn_winograd.hpp"
#else
#include "nn/own_winograd.hpp"
#endif

namespace latentgrid::nn {

bool has_winograd_kernels() {
#if LATENTGRID_ONEDNN_WINOGRAD
  return has_onednn_winograd_kernels();
#else
  return has_own_winograd_kernels();
#endif
}

std::string winograd_kernels() {
  return LATENTGRID_ONEDNN_WINOGRAD ? "oneDNN" : "own";
}

bool has_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                  std::array<std::int64_t, 2> padding) {
#if LATENTGRID_ONEDNN_WINOGRAD
  return has_onednn_winograd(input, weight, bias, padding);
#else
  return has_own_winograd(input, weight, bias, padding);
#endif
}

at::Tensor winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                std::array<std::int64_t, 2> padding) {
#if LATENTGRID_ONEDNN_WINOGRAD
  return onednn_winograd_convolution(input, weight, bias, padding);
#else
  return own_winograd_convolution(input, weight, bias, padding);
#endif
}

}  // namespace latentgrid::nn
