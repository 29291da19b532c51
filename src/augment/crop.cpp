#include "augment/crop.hpp"

#include <algorithm>
#include <memory>

#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

class Crop : public AugmentationStep {
 public:
  explicit Crop(const Json& params) : padding_(params.at("padding")) {}

  void apply(Canvas& canvas, RandomStream& random) const override {
    const auto positions = static_cast<std::uint64_t>(2 * padding_ + 1);
    const auto top = static_cast<std::int64_t>(random.below(positions)), left = static_cast<std::int64_t>(random.below(positions));
    crop_padded(canvas.image, padding_, top, left, canvas.blank());
    canvas.show_other();
  }

 private:
  std::int64_t padding_;
};

}  // namespace

void crop_padded(const FloatImage& image, std::int64_t padding, std::int64_t top, std::int64_t left, FloatImage& out) {
  out.reshape(image.height, image.width, image.channels);
  std::fill(out.values.begin(), out.values.end(), 0.0f);
  const std::int64_t down = top - padding, right = left - padding;  // of the pixel that comes to the corner
  const std::int64_t first_row = std::max<std::int64_t>(0, -down), end_row = std::min(image.height, image.height - down);
  const std::int64_t first = std::max<std::int64_t>(0, -right), end = std::min(image.width, image.width - right);
  if (first >= end) return;
  for (std::int64_t c = 0; c < image.channels; ++c) {
    for (std::int64_t y = first_row; y < end_row; ++y) {
      const float* row = image.plane(c) + (y + down) * image.width;
      std::copy(row + (first + right), row + (end + right), out.plane(c) + y * image.width + first);
    }
  }
}

std::unique_ptr<AugmentationStep> crop_step(const Json& params) { return std::make_unique<Crop>(params); }

}  // namespace latentgrid
