#pragma once

#include <cstdint>
#include <span>

#include "data/image_source.hpp"

namespace latentgrid {

// Brings an image of bytes to another height and width: by the mean of the area where it shrinks, by Catmull-Rom's
// cubic where it grows. At most 4 channels, as many in `to` as in `from`; throws Error for more.
void resize_image(std::span<const std::uint8_t> image, const ImageShape& from, const ImageShape& to,
                  std::span<std::uint8_t> out);

}  // namespace latentgrid
