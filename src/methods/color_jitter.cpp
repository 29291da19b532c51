#include "methods/method.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace latentgrid {

namespace {

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  if (!points.image || points.image->channels == 3) return {};
  std::vector<Problem> found;
  for (const char* parameter : {"saturation", "hue"}) {
    if (params.at(parameter) == 0) continue;
    found.push_back({.parameter = parameter,
                     .message = fmt::format("color jitter leaves the {} of images with {} as it is", parameter, counted(points.image->channels, "channel")),
                     .hint = fmt::format("write {}: 0", parameter),
                     .warning = true,
                     .possible = 0.0});
  }
  return found;
}

}  // namespace

MethodSpec color_jitter_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "color_jitter",
          .display_name = "color jitter",
          .doc = "brightness, contrast, saturation and hue changed by random factors, in a random order",
          .source = "torchvision ColorJitter in RandomApply",
          .other_names = {"colorjitter", "colourjitter", "jitter"},
          .main_parameter = "",
          .example = "color_jitter: {brightness: 0.4, hue: 0.1}",
          .params = {at_most(real("brightness", 0.4, 0, "the factor is between 1 - brightness, but at least 0, and 1 + brightness; 0: left as it is"), 100),
                     at_most(real("contrast", 0.4, 0, "the same of the contrast"), 100),
                     at_most(real("saturation", 0.4, 0, "the same of the saturation"), 100),
                     at_most(real("hue", 0.1, 0, "the hue is turned by up to this share of the color circle, either way"), 0.5),
                     at_most(real("p", 0.8, 0, "share of the images that it changes"), 1)},
          .stochastic = true,
          .problems = problems};
}

}  // namespace latentgrid
