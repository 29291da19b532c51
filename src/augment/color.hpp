#pragma once

#include "augment/float_image.hpp"

namespace latentgrid {

// torchvision.transforms.functional's operations on the colors of float images, in place; results are kept in [0, 1]. Hue,
// saturation and luminance are those of three channels; images with other numbers of them stay as they are. SIMD by Google Highway,
// dispatched at run time, without fused multiply-adds.
void adjust_brightness(FloatImage& image, float factor);
void adjust_contrast(FloatImage& image, float factor);  // about the mean luminance, or the mean of all values
void adjust_saturation(FloatImage& image, float factor);
void adjust_hue(FloatImage& image, float turns);  // -0.5 to 0.5 of the color circle
void to_luminance(FloatImage& image);             // rgb_to_grayscale with three output channels

}  // namespace latentgrid
