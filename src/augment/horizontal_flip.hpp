#pragma once

#include "augment/float_image.hpp"

namespace latentgrid {

// torchvision.transforms.functional.hflip, in place.
void flip_horizontally(FloatImage& image);

}  // namespace latentgrid
