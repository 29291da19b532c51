#include "figure/image_codec.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t largest_thumbnail = 64, jpeg_limit = 65500;
constexpr int jpeg_quality = 85;

void append_bytes(void* context, void* data, int size) {
  static_cast<std::string*>(context)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

void check_sizes(const Pixels& pixels) {
  bool sizes =
      pixels.count >= 0 && pixels.height > 0 && pixels.width > 0 && (pixels.channels == 1 || pixels.channels == 3);
  if (sizes && std::max(pixels.height, pixels.width) <= jpeg_limit &&
      static_cast<std::int64_t>(pixels.values.size()) ==
          pixels.count * pixels.height * pixels.width * pixels.channels) {
    return;
  }
  throw Error(fmt::format("{} bytes are not {} images of {}x{} pixels with {} channels", pixels.values.size(),
                          pixels.count, pixels.height, pixels.width, pixels.channels));
}

// The means of squares of factor×factor pixels, those at the edges of what there is.
void add_thumbnail(const Pixels& pixels, std::int64_t index, std::int64_t factor, std::uint8_t* out,
                   std::int64_t stride) {
  std::int64_t height = (pixels.height + factor - 1) / factor, width = (pixels.width + factor - 1) / factor;
  const std::uint8_t* image = pixels.values.data() + index * pixels.height * pixels.width * pixels.channels;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      std::int64_t y_end = std::min(pixels.height, (y + 1) * factor), x_end = std::min(pixels.width, (x + 1) * factor);
      for (std::int64_t channel = 0; channel < pixels.channels; ++channel) {
        std::int64_t sum = 0, n = 0;
        for (std::int64_t row = y * factor; row < y_end; ++row) {
          for (std::int64_t column = x * factor; column < x_end; ++column, ++n) {
            sum += image[(row * pixels.width + column) * pixels.channels + channel];
          }
        }
        out[y * stride + x * pixels.channels + channel] = static_cast<std::uint8_t>((sum + n / 2) / n);
      }
    }
  }
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                               reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string encode_png(const Pixels& pixels, std::int64_t index) {
  check_sizes(pixels);
  std::int64_t stride = pixels.width * pixels.channels;
  std::string png;
  const std::uint8_t* image = pixels.values.data() + index * pixels.height * stride;
  if (!stbi_write_png_to_func(append_bytes, &png, static_cast<int>(pixels.width), static_cast<int>(pixels.height),
                              static_cast<int>(pixels.channels), image, static_cast<int>(stride))) {
    throw Error(fmt::format("an image of {}x{} pixels cannot be written as PNG", pixels.height, pixels.width));
  }
  return png;
}

namespace {

Sprite encode_thumbnails(const Pixels& pixels, std::int64_t factor) {
  Sprite sprite;
  sprite.height = (pixels.height + factor - 1) / factor;
  sprite.width = (pixels.width + factor - 1) / factor;
  sprite.columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(pixels.count))));
  std::int64_t rows = (pixels.count + sprite.columns - 1) / std::max<std::int64_t>(sprite.columns, 1);
  if (pixels.count == 0 || std::max(rows * sprite.height, sprite.columns * sprite.width) > jpeg_limit) {
    throw Error(fmt::format("{} images do not fit into one JPEG", pixels.count));
  }
  std::int64_t stride = sprite.columns * sprite.width * pixels.channels;
  std::vector<std::uint8_t> page(static_cast<std::size_t>(rows * sprite.height * stride), 255);
  for (std::int64_t i = 0; i < pixels.count; ++i) {
    std::int64_t top = i / sprite.columns * sprite.height, left = i % sprite.columns * sprite.width;
    add_thumbnail(pixels, i, factor, page.data() + top * stride + left * pixels.channels, stride);
  }
  stbi_write_jpg_to_func(append_bytes, &sprite.jpeg, static_cast<int>(sprite.columns * sprite.width),
                         static_cast<int>(rows * sprite.height), static_cast<int>(pixels.channels), page.data(),
                         jpeg_quality);
  return sprite;
}

}  // namespace

Sprite encode_sprite(const Pixels& pixels, std::size_t most_bytes) {
  check_sizes(pixels);
  const std::int64_t side = std::max(pixels.height, pixels.width);
  std::int64_t factor = (side + largest_thumbnail - 1) / largest_thumbnail;
  Sprite sprite = encode_thumbnails(pixels, factor);
  while (sprite.jpeg.size() > most_bytes && factor < side) sprite = encode_thumbnails(pixels, factor *= 2);
  return sprite;
}

}  // namespace latentgrid
