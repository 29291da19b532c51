#pragma once

#include <utility>

#include "augment/float_image.hpp"
#include "base/random.hpp"

namespace latentgrid {

// The image that is augmented, and another for those steps that can't work in place.
struct Canvas {
  FloatImage image, other;

  // The other one, with the shape of the image, to be written and then shown.
  FloatImage& blank() {
    other.reshape(image.height, image.width, image.channels);
    return other;
  }
  void show_other() { std::swap(image, other); }
};

// One step of an augmentation: draws its parameters and applies the operation of the header that bears its name.
class AugmentationStep {
 public:
  virtual ~AugmentationStep() = default;
  virtual void apply(Canvas& canvas, RandomStream& random) const = 0;
};

// Uniform in [low, high).
inline double draw_between(double low, double high, RandomStream& random) { return low + (high - low) * random.uniform(); }

}  // namespace latentgrid
