#include "augment/erasing.hpp"

#include <algorithm>
#include <memory>

#include "augment/step.hpp"

namespace latentgrid {

namespace {

constexpr int attempts_at_erasing = 10;

class Erasing : public AugmentationStep {
 public:
  explicit Erasing(const Json& params) : sizes_(params) {}

  void apply(Canvas& canvas, RandomStream& random) const override {
    if (const auto box = draw_erased_box(sizes_, canvas.image.height, canvas.image.width, random)) erase_box(canvas.image, *box);
  }

 private:
  BoxSizes sizes_;
};

}  // namespace

std::optional<Box> draw_erased_box(const BoxSizes& sizes, std::int64_t height, std::int64_t width, RandomStream& random) {
  for (int i = 0; i < attempts_at_erasing; ++i) {
    const auto [h, w] = draw_sides(sizes, height * width, random);
    if (h < height && w < width) return place_box(h, w, height, width, random);
  }
  return std::nullopt;
}

void erase_box(FloatImage& image, const Box& box) {
  for (std::int64_t c = 0; c < image.channels; ++c) {
    for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
      float* const begin = image.plane(c) + y * image.width + box.left;
      std::fill(begin, begin + box.width, 0.0f);
    }
  }
}

std::unique_ptr<AugmentationStep> erasing_step(const Json& params) { return std::make_unique<Erasing>(params); }

}  // namespace latentgrid
