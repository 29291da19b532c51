#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace latentgrid {

// What stb_image reads from a PNG or a JPEG: the reader is not the writer's code.
struct DecodedImage {
  int width = 0, height = 0, channels = 0;  // channels: in the file; the values have them all
  std::vector<std::uint8_t> values;

  std::array<int, 3> at(int x, int y) const;  // grey thrice for one channel
};

DecodedImage decode_image(const std::string& bytes);  // fails the test and is empty if it is none

std::string decode_base64(const std::string& text);

}  // namespace latentgrid
