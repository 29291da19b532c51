#pragma once

#include "augment/float_image.hpp"
#include "augment/random_box.hpp"

namespace latentgrid {

// Which part torchvision's RandomResizedCrop takes: the first of ten draws that fits, otherwise the largest in the middle whose
// ratio of width to height is allowed.
Box draw_crop(const BoxSizes& sizes, std::int64_t height, std::int64_t width, RandomStream& random);

// That part at the size of the image: torchvision.transforms.functional.resized_crop, bilinear. With and without its antialias it
// is the same, as a part is never larger than the image.
void resized_crop(const FloatImage& image, const Box& box, FloatImage& out);

}  // namespace latentgrid
