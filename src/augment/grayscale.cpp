#include <memory>

#include "augment/color.hpp"
#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

class Grayscale : public AugmentationStep {
 public:
  void apply(Canvas& canvas, RandomStream&) const override { to_luminance(canvas.image); }
};

}  // namespace

std::unique_ptr<AugmentationStep> grayscale_step(const Json&) { return std::make_unique<Grayscale>(); }

}  // namespace latentgrid
