#pragma once

#include "base/pixel_range.hpp"
#include "data/image_view.hpp"

namespace latentgrid {

// Writes the channels·height·width values of one image, scaled to the range, in C, H, W order as PyTorch flattens them.
void flatten_pixels(const ImageView& images, std::int64_t image, PixelRange range, float* out);

}  // namespace latentgrid
