#include "augment/color_jitter.hpp"

#include <algorithm>
#include <memory>
#include <span>

#include "augment/color.hpp"
#include "augment/step.hpp"

namespace latentgrid {

namespace {

class ColorJitter : public AugmentationStep {
 public:
  explicit ColorJitter(const Json& params) : ranges_(params) {}

  void apply(Canvas& canvas, RandomStream& random) const override { change_colors(canvas.image, draw_color_factors(ranges_, random)); }

 private:
  ColorRanges ranges_;
};

}  // namespace

ColorRanges::ColorRanges(const Json& params)
    : brightness(params.at("brightness")), contrast(params.at("contrast")), saturation(params.at("saturation")), hue(params.at("hue")) {}

ColorFactors draw_color_factors(const ColorRanges& ranges, RandomStream& random) {
  const auto factor = [&](double range) { return static_cast<float>(draw_between(std::max(0.0, 1 - range), 1 + range, random)); };
  ColorFactors factors;
  factors[0] = {ColorChange::brightness, factor(ranges.brightness)};
  factors[1] = {ColorChange::contrast, factor(ranges.contrast)};
  factors[2] = {ColorChange::saturation, factor(ranges.saturation)};
  factors[3] = {ColorChange::hue, static_cast<float>(draw_between(-ranges.hue, ranges.hue, random))};
  random.shuffle(std::span<ColorFactor>(factors));
  return factors;
}

void change_colors(FloatImage& image, const ColorFactors& factors) {
  for (const auto& [change, factor] : factors) {
    switch (change) {
      case ColorChange::brightness:
        if (factor != 1) adjust_brightness(image, factor);
        break;
      case ColorChange::contrast:
        if (factor != 1) adjust_contrast(image, factor);
        break;
      case ColorChange::saturation:
        if (factor != 1) adjust_saturation(image, factor);
        break;
      case ColorChange::hue:
        if (factor != 0) adjust_hue(image, factor);
        break;
    }
  }
}

std::unique_ptr<AugmentationStep> color_jitter_step(const Json& params) { return std::make_unique<ColorJitter>(params); }

}  // namespace latentgrid
