#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <string>

namespace latentgrid::nn {

// A 3×3 convolution of stride 1 of float32 on the CPU by Winograd's minimal filtering F(4×4, 3×3), which takes a
// quarter of the products (Lavin & Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016). The kernels are
// oneDNN's where LibTorch is linked with a oneDNN that has some (onednn_winograd.hpp), our own elsewhere
// (own_winograd.hpp). They take channels in multiples of 16 and a padding of at most 1. Results differ from the direct
// kernels' by some 1e-6 of the largest. Thread-safe; the kernels run on LibTorch's threads.
//
// input: N×C×H×W, weight: O×C×3×3, bias: O, or undefined. Outputs and gradients are in channels_last.

// Whether this CPU and this build have such kernels at all.
bool has_winograd_kernels();

// Whose they would be: "oneDNN" or "own".
std::string winograd_kernels();

// Whether there is one, and it is the faster.
bool has_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                  std::array<std::int64_t, 2> padding);

// Only where there is one.
at::Tensor winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                std::array<std::int64_t, 2> padding);

}  // namespace latentgrid::nn
