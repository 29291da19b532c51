#pragma once

#include <array>

#include "augment/float_image.hpp"
#include "base/json.hpp"
#include "base/random.hpp"

namespace latentgrid {

enum class ColorChange { brightness, contrast, saturation, hue };

// One of the changes with its factor, the hue's in turns.
struct ColorFactor {
  ColorChange change;
  float factor;
};

// All four, in the order in which they are made.
using ColorFactors = std::array<ColorFactor, 4>;

// By how much each may change.
struct ColorRanges {
  explicit ColorRanges(const Json& params);  // brightness, contrast, saturation, hue

  double brightness, contrast, saturation, hue;
};

// As torchvision's ColorJitter draws them: in a random order, each uniformly within its range.
ColorFactors draw_color_factors(const ColorRanges& ranges, RandomStream& random);

void change_colors(FloatImage& image, const ColorFactors& factors);

}  // namespace latentgrid
