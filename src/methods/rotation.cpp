#include "methods/method.hpp"

namespace latentgrid {

MethodSpec rotation_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "rotation",
          .display_name = "rotation",
          .doc = "an image turned about its middle, with black corners (bilinear)",
          .source = "torchvision RandomRotation, bilinear, fill 0",
          .other_names = {"randomrotation", "randomrotate", "rotate"},
          .main_parameter = "degrees",
          .example = "rotation: {degrees: 15}",
          .params = {at_most(positive_real("degrees", 15.0, "up to this angle, either way"), 180)},
          .stochastic = true};
}

}  // namespace latentgrid
