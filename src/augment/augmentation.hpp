#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "augment/step.hpp"
#include "base/json.hpp"
#include "base/pixel_range.hpp"
#include "data/image_view.hpp"

namespace latentgrid {

// What a training does to its images before it sees them. What becomes of an image depends on seed, epoch, view and number of the
// image alone: not on the others of its batch, nor on order or threads. The same bytes on every machine: nothing here calls the C
// library's functions whose last bit differs between them. Images stay H×W×C.
class Augmentation {
 public:
  // `steps`: [{"method": "horizontal_flip", "p": 0.5}, ...], each with complete parameters, in this order. Throws Error for one
  // that there is not.
  Augmentation(const Json& steps, std::int64_t seed);

  // Image indices[i] of `images`, scaled to [0, 1], augmented, then scaled to `range`, goes to out + i·H·W·C, in H, W, C order.
  // `view` tells several results for one image apart. Thread-safe.
  void apply(const ImageView& images, std::span<const std::int64_t> indices, std::int64_t epoch, int view, PixelRange range, float* out,
             int threads) const;

 private:
  struct Chance {
    double p;  // of an image to be changed by ...
    std::unique_ptr<AugmentationStep> step;
  };

  void augment(std::int64_t image, std::int64_t epoch, int view, Canvas& canvas) const;

  std::vector<Chance> steps_;
  std::int64_t seed_;
};

}  // namespace latentgrid
