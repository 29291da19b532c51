#include "methods/method.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace latentgrid {

namespace {

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  if (!points.image) return {};
  const std::int64_t padding = params.at("padding"), side = std::min(points.image->height, points.image->width);
  if (padding < side) return {};
  const bool possible = side > 1;
  return {{.parameter = "padding",
           .message = fmt::format("crop with padding {} can leave nothing of an image of {}×{}", padding, points.image->height, points.image->width),
           .hint = possible ? fmt::format("write crop: {{padding: {}}}, or less", side - 1) : "leave crop out",
           .possible = possible ? Json(side - 1) : Json()}};
}

}  // namespace

MethodSpec crop_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "crop",
          .display_name = "crop",
          .doc = "an image moved by up to the padding in each direction: black pixels are put around it, and a part of its size is cut out",
          .source = "torchvision RandomCrop of the image's size, fill 0",
          .other_names = {"randomcrop", "padcrop", "randomtranslation"},
          .main_parameter = "padding",
          .example = "crop: {padding: 4}",
          .params = {at_most(integer("padding", 4, 1, "black pixels on every side"), 10000)},
          .stochastic = true,
          .problems = problems};
}

}  // namespace latentgrid
