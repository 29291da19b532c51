#pragma once

#include <cstdint>

#include "base/json.hpp"
#include "base/random.hpp"

namespace latentgrid {

// A part of an image, in pixels.
struct Box {
  std::int64_t top, left, height, width;

  bool operator==(const Box&) const = default;
};

// From which sizes of boxes to draw: shares of the image's area, uniformly, and ratios of two sides, their logarithms uniformly.
struct BoxSizes {
  explicit BoxSizes(const Json& params);  // scale_min, scale_max, ratio_min, ratio_max

  double scale_min, scale_max, ratio_min, ratio_max;
  double log_ratio_min, log_ratio_max;
};

struct BoxSides {
  std::int64_t numerator, denominator;  // of the ratio
};

// The sides of a box in an image of so many pixels, rounded half to even; it may not fit in.
BoxSides draw_sides(const BoxSizes& sizes, std::int64_t image_area, RandomStream& random);

// A box of this size anywhere in the image, in which it fits.
Box place_box(std::int64_t height, std::int64_t width, std::int64_t image_height, std::int64_t image_width, RandomStream& random);

}  // namespace latentgrid
