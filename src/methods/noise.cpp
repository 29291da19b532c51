#include "methods/method.hpp"

namespace latentgrid {

MethodSpec noise_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "noise",
          .display_name = "noise",
          .doc = "independent Gaussian noise on every value, which is then kept between black and white",
          .source = "torchvision v2 GaussianNoise",
          .other_names = {"gaussiannoise", "gaussnoise"},
          .main_parameter = "sd",
          .example = "noise: {sd: 0.1}",
          .params = {at_most(positive_real("sd", 0.1, "standard deviation; black is 0 and white 1"), 100),
                     at_most(real("p", 1.0, 0, "share of the images that it changes"), 1)},
          .stochastic = true};
}

}  // namespace latentgrid
