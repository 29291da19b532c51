#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "figure/figure.hpp"

namespace latentgrid {

// Images as web pages take them. The encoders are stb_image_write's: the same pixels give the same bytes. Thread-safe.

std::string base64(std::string_view bytes);

// One image of `pixels`, 0 <= index < count. Throws Error for sizes that do not fit the values.
std::string encode_png(const Pixels& pixels, std::int64_t index);

// All images side by side, row by row, in one JPEG.
struct Sprite {
  std::string jpeg;
  std::int64_t width = 0, height = 0;  // of one image in it: of larger ones than 64 pixels, every k-th pixel's mean
  std::int64_t columns = 0;            // image i lies in row i / columns, column i % columns
};
// At least one image. Where the JPEG would have more than so many bytes, the images in it are made smaller.
Sprite encode_sprite(const Pixels& pixels, std::size_t most_bytes = 8 << 20);

}  // namespace latentgrid
