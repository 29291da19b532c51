#include "methods/method.hpp"

namespace latentgrid {

MethodSpec erasing_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "erasing",
          .display_name = "erasing",
          .doc = "a random rectangle of an image made black",
          .source = "torchvision RandomErasing, value 0",
          .other_names = {"randomerasing", "cutout"},
          .main_parameter = "p",
          .example = "erasing: {p: 0.5}",
          .params = {at_most(real("p", 0.5, 0, "share of the images that it changes"), 1),
                     at_most(real("scale_min", 0.02, 0, "smallest share of the image's area that is erased"), 1),
                     at_most(real("scale_max", 0.33, 0, "largest share of the image's area that is erased"), 1),
                     positive_real("ratio_min", 0.3, "smallest ratio of the rectangle's height to its width"),
                     positive_real("ratio_max", 3.3, "largest ratio of the rectangle's height to its width")},
          .stochastic = true,
          .problems = [](const Json& params, const PointsSize&) { return empty_ranges("erasing", params, {"scale", "ratio"}); }};
}

}  // namespace latentgrid
