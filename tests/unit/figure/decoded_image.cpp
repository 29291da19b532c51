#include "unit/figure/decoded_image.hpp"

#include <gtest/gtest.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#include <stb/stb_image.h>

namespace latentgrid {

std::array<int, 3> DecodedImage::at(int x, int y) const {
  auto first = static_cast<std::size_t>((y * width + x) * channels);
  if (channels < 3) return {values.at(first), values.at(first), values.at(first)};
  return {values.at(first), values.at(first + 1), values.at(first + 2)};
}

DecodedImage decode_image(const std::string& bytes) {
  DecodedImage image;
  stbi_uc* pixels =
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(bytes.size()),
                            &image.width, &image.height, &image.channels, 0);
  if (!pixels) {
    ADD_FAILURE() << stbi_failure_reason();
    return {};
  }
  image.values.assign(pixels, pixels + image.width * image.height * image.channels);
  stbi_image_free(pixels);
  return image;
}

std::string decode_base64(const std::string& text) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (char c : text) {
    if (c == '=') break;
    held = held << 6 | static_cast<unsigned>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255);
  }
  return bytes;
}

}  // namespace latentgrid
