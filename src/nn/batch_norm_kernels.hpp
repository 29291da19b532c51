#pragma once

#include <cstdint>

namespace latentgrid::nn {

// Loops of fused_batch_norm.cpp over float32 images in channels_last: `pixels` rows of `channels`, a multiple of 16. r
// is x, or ReLU(x) where `relu_before`; y is (r - mean)·scale + shift, or its ReLU where `relu_after`. Vectorised at
// run time, single-threaded, and without state: any threads may call them on ranges of their own. NaN stays NaN.

struct BatchNormForm {
  bool relu_before = false;
  bool relu_after = false;
};

// A value for each channel.
struct ChannelNorm {
  const float* mean;
  const float* scale;
  const float* shift;
};

// What is the same for a channel of the gradient of x: scale·(gradient of y - mean_gradient - (r - mean)·slope).
struct ChannelGradient {
  const float* mean_gradient;
  const float* slope;
};

// The mean of r, and the sum of its squared deviations from it, of every channel. Reads x twice, so let it fit a cache.
void channel_moments(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, float* mean,
                     float* squares);

void normalise(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
               float* y);

// The largest y of every 2×2 window of two lines of `width` pixels, an even number, to `y`; the r that gave it, the
// first of equals, to `chosen`, unless that is null.
void normalise_and_pool(const float* line, std::int64_t width, std::int64_t channels, BatchNormForm form,
                        const ChannelNorm& norm, float* y, float* chosen);

// Sums of the gradient of y before its ReLU, and of its products with r - mean, of every channel. `r_given`: x is r
// already.
void gradient_sums(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                   BatchNormForm form, bool r_given, const ChannelNorm& norm, float* sum, float* product_sum);

void normalise_backward(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                        BatchNormForm form, const ChannelNorm& norm, const ChannelGradient& channel, float* x_gradient);

// `chosen` and `gradient`: of the line of windows.
void normalise_and_pool_backward(const float* line, const float* chosen, const float* gradient, std::int64_t width,
                                 std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
                                 const ChannelGradient& channel, float* line_gradient);

}  // namespace latentgrid::nn
