#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/pixel_range.hpp"
#include "data/image_view.hpp"

namespace latentgrid {

// Floats of the widest vector that is used.
inline constexpr std::size_t widest_vector = 16;

// One image of floats in [0, 1]: a plane for each channel, row by row. Planes begin at multiples of `plane_size`, which is whole
// vectors of any machine: operations on single values go over what lies behind the last pixel too, which has no meaning.
struct FloatImage {
  std::int64_t height = 0, width = 0, channels = 0;
  std::size_t plane_size = 0;
  std::vector<float> values;

  void reshape(std::int64_t new_height, std::int64_t new_width, std::int64_t new_channels);
  std::int64_t area() const { return height * width; }
  float* plane(std::int64_t channel) { return values.data() + static_cast<std::size_t>(channel) * plane_size; }
  const float* plane(std::int64_t channel) const { return values.data() + static_cast<std::size_t>(channel) * plane_size; }
};

// x/255 of each byte.
void read_pixels(const ImageView& images, std::int64_t index, FloatImage& image);

// To height·width·channels floats in H, W, C order: with an unchanged image, what flatten_pixels makes of the bytes.
void write_pixels(const FloatImage& image, PixelRange range, float* out);

}  // namespace latentgrid
