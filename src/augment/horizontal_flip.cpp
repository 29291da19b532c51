#include "augment/horizontal_flip.hpp"

#include <algorithm>
#include <memory>

#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

class HorizontalFlip : public AugmentationStep {
 public:
  void apply(Canvas& canvas, RandomStream&) const override { flip_horizontally(canvas.image); }
};

}  // namespace

void flip_horizontally(FloatImage& image) {
  for (std::int64_t c = 0; c < image.channels; ++c) {
    float* row = image.plane(c);
    for (std::int64_t y = 0; y < image.height; ++y, row += image.width) std::reverse(row, row + image.width);
  }
}

std::unique_ptr<AugmentationStep> horizontal_flip_step(const Json&) { return std::make_unique<HorizontalFlip>(); }

}  // namespace latentgrid
