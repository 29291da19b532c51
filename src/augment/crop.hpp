#pragma once

#include "augment/float_image.hpp"

namespace latentgrid {

// The image with `padding` black pixels on every side, of which a part of the image's size is taken that begins in row `top` and
// column `left`, 0 to 2·padding: crop(pad(image, padding), top, left, H, W) of torchvision.transforms.functional.
void crop_padded(const FloatImage& image, std::int64_t padding, std::int64_t top, std::int64_t left, FloatImage& out);

}  // namespace latentgrid
