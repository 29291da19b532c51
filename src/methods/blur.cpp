#include "methods/method.hpp"

namespace latentgrid {

MethodSpec blur_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "blur",
          .display_name = "blur",
          .doc = "a Gaussian blur: over 3 sigma to each side, as far as the image allows, which is reflected at its edges",
          .source = "torchvision GaussianBlur",
          .other_names = {"gaussianblur", "randomblur"},
          .main_parameter = "sigma_max",
          .example = "blur: {sigma_min: 0.1, sigma_max: 2}",
          .params = {positive_real("sigma_min", 0.1, "smallest standard deviation of the blur, in pixels"),
                     positive_real("sigma_max", 2.0, "largest standard deviation of the blur, in pixels"),
                     at_most(real("p", 0.5, 0, "share of the images that it changes"), 1)},
          .stochastic = true,
          .problems = [](const Json& params, const PointsSize&) { return empty_ranges("blur", params, {"sigma"}); }};
}

}  // namespace latentgrid
