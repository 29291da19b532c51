#pragma once

#include "data/image_view.hpp"

namespace latentgrid {

// Writes the channels·height·width values of one image, x/127.5 - 1, in C, H, W order as PyTorch flattens them.
void flatten_pixels(const ImageView& images, std::int64_t image, float* out);

}  // namespace latentgrid
