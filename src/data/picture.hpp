#pragma once

#include <cstddef>
#include <vector>

#include "data/image_source.hpp"

namespace latentgrid {

// One decoded picture: gray or RGB, H×W×C.
struct Picture {
  ImageShape shape;
  Element element;  // 8 bits, or 16 of a PNG
  std::vector<std::byte> values;
};

}  // namespace latentgrid
