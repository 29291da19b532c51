#pragma once

#include "augment/float_image.hpp"

namespace latentgrid {

// torchvision.transforms.functional.rotate, counter-clockwise, bilinear, without expanding: what comes from outside the image is black.
void rotate_image(const FloatImage& image, double degrees, FloatImage& out);

}  // namespace latentgrid
