#include "data/raw_pixels.hpp"

namespace latentgrid {

void flatten_pixels(const ImageView& images, std::int64_t image, PixelRange range, float* out) {
  const bool from_zero = range == PixelRange::zero_to_one;
  const float unit = from_zero ? 255.0f : 127.5f, offset = from_zero ? 0.0f : 1.0f;
  const std::int64_t area = images.height * images.width;
  const std::uint8_t* in = images.pixels.data() + image * area * images.channels;
  for (std::int64_t p = 0; p < area; ++p) {
    for (std::int64_t c = 0; c < images.channels; ++c) out[c * area + p] = static_cast<float>(*in++) / unit - offset;
  }
}

}  // namespace latentgrid
