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
Sprite encode_sprite(const Pixels& pixels);  // at least one image

}  // namespace latentgrid
