#include "methods/method.hpp"

namespace latentgrid {

MethodSpec horizontal_flip_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "horizontal_flip",
          .display_name = "horizontal flip",
          .doc = "left and right exchanged",
          .source = "torchvision RandomHorizontalFlip",
          .other_names = {"randomhorizontalflip", "hflip", "fliplr", "flip"},
          .main_parameter = "p",
          .example = "horizontal_flip: {p: 0.5}",
          .params = {at_most(real("p", 0.5, 0, "share of the images that it changes"), 1)},
          .stochastic = true};
}

}  // namespace latentgrid
