#pragma once

#include <cstdint>
#include <span>

namespace latentgrid {

// uint8 images N×H×W×C in C order, owned by somebody else (a mapped images.npy).
struct ImageView {
  std::span<const std::uint8_t> pixels;
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
};

}  // namespace latentgrid
