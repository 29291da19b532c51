#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace latentgrid::nn {

// winograd.hpp's functions by the kernels of oneDNN 2, which LibTorch never asks for. They need AVX-512. Only in builds
// whose LibTorch is linked with it (cmake/LatentgridOneDnn.cmake).

bool has_onednn_winograd_kernels();

bool has_onednn_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                         std::array<std::int64_t, 2> padding);

at::Tensor onednn_winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                       std::array<std::int64_t, 2> padding);

}  // namespace latentgrid::nn
