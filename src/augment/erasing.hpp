#pragma once

#include <optional>

#include "augment/float_image.hpp"
#include "augment/random_box.hpp"

namespace latentgrid {

// What torchvision's RandomErasing erases: the first of ten draws that is smaller than the image along both sides; nothing if none is.
// Ratios are of height to width.
std::optional<Box> draw_erased_box(const BoxSizes& sizes, std::int64_t height, std::int64_t width, RandomStream& random);

// torchvision.transforms.functional.erase with value 0, in place.
void erase_box(FloatImage& image, const Box& box);

}  // namespace latentgrid
