#pragma once

#include <cstdint>

#include "augment/float_image.hpp"

namespace latentgrid {

// How far a Gaussian blur reaches to each side along a row or column of `length` pixels: 3 sigma, but only as far as the image can
// be reflected at its edge.
std::int64_t blur_radius(double sigma, std::int64_t length);

// torchvision.transforms.functional.gaussian_blur with kernel_size [2·x_radius + 1, 2·y_radius + 1], radii below width and height,
// and the same sigma along both sides. `scratch` is written.
void gaussian_blur(FloatImage& image, std::int64_t x_radius, std::int64_t y_radius, double sigma, FloatImage& scratch);

}  // namespace latentgrid
