#include "data/raw_pixels.hpp"

namespace latentgrid {

void flatten_pixels(const ImageView& images, std::int64_t image, float* out) {
  const std::int64_t area = images.height * images.width;
  const std::uint8_t* in = images.pixels.data() + image * area * images.channels;
  for (std::int64_t p = 0; p < area; ++p) {
    for (std::int64_t c = 0; c < images.channels; ++c) out[c * area + p] = static_cast<float>(*in++) / 127.5f - 1.0f;
  }
}

}  // namespace latentgrid
