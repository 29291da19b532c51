#include "augment/float_image.hpp"

#include <array>

namespace latentgrid {

namespace {

std::array<float, 256> make_shares() {
  std::array<float, 256> shares;
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = static_cast<float>(i) / 255.0f;
  return shares;
}

}  // namespace

void FloatImage::reshape(std::int64_t new_height, std::int64_t new_width, std::int64_t new_channels) {
  height = new_height;
  width = new_width;
  channels = new_channels;
  plane_size = (static_cast<std::size_t>(area()) + widest_vector - 1) / widest_vector * widest_vector;
  values.resize(plane_size * static_cast<std::size_t>(channels));
}

void read_pixels(const ImageView& images, std::int64_t index, FloatImage& image) {
  static const std::array<float, 256> shares = make_shares();
  image.reshape(images.height, images.width, images.channels);
  const std::int64_t area = image.area(), channels = image.channels;
  const std::uint8_t* in = images.pixels.data() + index * area * channels;
  if (channels == 3) {
    float *red = image.plane(0), *green = image.plane(1), *blue = image.plane(2);
    for (std::int64_t p = 0; p < area; ++p) {
      red[p] = shares[in[3 * p]];
      green[p] = shares[in[3 * p + 1]];
      blue[p] = shares[in[3 * p + 2]];
    }
    return;
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    float* plane = image.plane(c);
    for (std::int64_t p = 0; p < area; ++p) plane[p] = shares[in[p * channels + c]];
  }
}

void write_pixels(const FloatImage& image, PixelRange range, float* out) {
  // 2·(x/255) is x/127.5 to the last bit, as doubling is exact.
  const float scale = range == PixelRange::zero_to_one ? 1.0f : 2.0f, offset = range == PixelRange::zero_to_one ? 0.0f : 1.0f;
  const std::int64_t area = image.area(), channels = image.channels;
  if (channels == 3) {
    const float *red = image.plane(0), *green = image.plane(1), *blue = image.plane(2);
    for (std::int64_t p = 0; p < area; ++p) {
      out[3 * p] = red[p] * scale - offset;
      out[3 * p + 1] = green[p] * scale - offset;
      out[3 * p + 2] = blue[p] * scale - offset;
    }
    return;
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    const float* plane = image.plane(c);
    for (std::int64_t p = 0; p < area; ++p) out[p * channels + c] = plane[p] * scale - offset;
  }
}

}  // namespace latentgrid
