#include "methods/method.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace latentgrid {

namespace {

std::vector<Problem> problems(const Json&, const PointsSize& points) {
  if (!points.image || points.image->channels == 3) return {};
  return {{.parameter = "p",
           .message = fmt::format("grayscale leaves images with {} as they are", counted(points.image->channels, "channel")),
           .hint = "leave grayscale out",
           .warning = true}};
}

}  // namespace

MethodSpec grayscale_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "grayscale",
          .display_name = "grayscale",
          .doc = "colors taken out: all three channels get the luminance .2989 R + .587 G + .114 B",
          .source = "torchvision RandomGrayscale",
          .other_names = {"randomgrayscale", "greyscale", "togray", "randomgreyscale"},
          .main_parameter = "p",
          .example = "grayscale: {p: 0.2}",
          .params = {at_most(real("p", 0.2, 0, "share of the images that it changes"), 1)},
          .stochastic = true,
          .problems = problems};
}

}  // namespace latentgrid
