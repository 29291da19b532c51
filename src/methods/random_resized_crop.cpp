#include "methods/method.hpp"

namespace latentgrid {

MethodSpec random_resized_crop_augmentation() {
  using namespace param;
  return {.kind = MethodKind::augmentation,
          .name = "random_resized_crop",
          .display_name = "random resized crop",
          .doc = "a random part of an image, resized to the size of the image (bilinear; a part is never larger, so that there is nothing to antialias)",
          .source = "torchvision RandomResizedCrop",
          .other_names = {"randomresizedcrop", "resizedcrop", "rrc"},
          .main_parameter = "scale_min",
          .example = "random_resized_crop: {scale_min: 0.2}",
          .params = {at_most(positive_real("scale_min", 0.2, "smallest share of the image's area that is kept"), 1),
                     at_most(positive_real("scale_max", 1.0, "largest share of the image's area that is kept"), 1),
                     positive_real("ratio_min", 0.75, "smallest ratio of the part's width to its height"),
                     positive_real("ratio_max", 1.333, "largest ratio of the part's width to its height")},
          .stochastic = true,
          .problems = [](const Json& params, const PointsSize&) { return empty_ranges("a random resized crop", params, {"scale", "ratio"}); }};
}

}  // namespace latentgrid
