#include "augment/random_resized_crop.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "augment/step.hpp"

namespace latentgrid {

namespace {

constexpr int attempts_at_a_crop = 10;

class RandomResizedCrop : public AugmentationStep {
 public:
  explicit RandomResizedCrop(const Json& params) : sizes_(params) {}

  void apply(Canvas& canvas, RandomStream& random) const override {
    resized_crop(canvas.image, draw_crop(sizes_, canvas.image.height, canvas.image.width, random), canvas.blank());
    canvas.show_other();
  }

 private:
  BoxSizes sizes_;
};

// Between which two pixels a pixel of the result lies, and how much of the second is in it.
struct Between {
  std::int64_t first, second;
  float share;
};

// PyTorch's upsample_bilinear2d, align_corners=False, along one side.
std::vector<Between> positions(std::int64_t from, std::int64_t to) {
  std::vector<Between> all(static_cast<std::size_t>(to));
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  for (std::int64_t i = 0; i < to; ++i) {
    const float at = std::max(0.0f, scale * (static_cast<float>(i) + 0.5f) - 0.5f);
    const auto first = std::min(static_cast<std::int64_t>(at), from - 1);
    all[static_cast<std::size_t>(i)] = {first, std::min(first + 1, from - 1), at - static_cast<float>(first)};
  }
  return all;
}

}  // namespace

Box draw_crop(const BoxSizes& sizes, std::int64_t height, std::int64_t width, RandomStream& random) {
  for (int i = 0; i < attempts_at_a_crop; ++i) {
    const auto [w, h] = draw_sides(sizes, height * width, random);
    if (w > 0 && w <= width && h > 0 && h <= height) return place_box(h, w, height, width, random);
  }
  const auto part = [](double side) { return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::nearbyint(side))); };
  const double ratio = static_cast<double>(width) / static_cast<double>(height);
  std::int64_t h = height, w = width;
  if (ratio < sizes.ratio_min) h = part(static_cast<double>(width) / sizes.ratio_min);
  if (ratio > sizes.ratio_max) w = part(static_cast<double>(height) * sizes.ratio_max);
  return {(height - h) / 2, (width - w) / 2, h, w};
}

void resized_crop(const FloatImage& image, const Box& box, FloatImage& out) {
  out.reshape(image.height, image.width, image.channels);
  const std::vector<Between> rows = positions(box.height, out.height), columns = positions(box.width, out.width);
  std::vector<float> stretched(static_cast<std::size_t>(box.height * out.width));  // the part at its full width
  for (std::int64_t c = 0; c < image.channels; ++c) {
    for (std::int64_t y = 0; y < box.height; ++y) {
      const float* in = image.plane(c) + (box.top + y) * image.width + box.left;
      float* wide = stretched.data() + y * out.width;
      for (const Between& x : columns) *wide++ = (1 - x.share) * in[x.first] + x.share * in[x.second];
    }
    float* row = out.plane(c);
    for (const Between& y : rows) {
      const float *first = stretched.data() + y.first * out.width, *second = stretched.data() + y.second * out.width;
      for (std::int64_t x = 0; x < out.width; ++x) row[x] = (1 - y.share) * first[x] + y.share * second[x];
      row += out.width;
    }
  }
}

std::unique_ptr<AugmentationStep> random_resized_crop_step(const Json& params) { return std::make_unique<RandomResizedCrop>(params); }

}  // namespace latentgrid
