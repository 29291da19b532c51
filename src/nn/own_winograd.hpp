#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace latentgrid::nn {

// winograd.hpp's functions by kernels of our own (winograd_kernels.hpp), on tensors in channels_last as they are. Their
// bytes are the same for any number of threads, and on every CPU with AVX2 or more.

bool has_own_winograd_kernels();

bool has_own_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                      std::array<std::int64_t, 2> padding);

at::Tensor own_winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                    std::array<std::int64_t, 2> padding);

}  // namespace latentgrid::nn
