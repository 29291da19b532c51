// Training an encoder alone, and what applies it.
#include "methods/training.hpp"

namespace latentgrid {

namespace {

double encoding_cost(const Json&, std::int64_t, const PointsSize& images, bool) {
  constexpr double encoded_images_per_s = 2e3;
  return static_cast<double>(images.count) / encoded_images_per_s;
}

std::optional<Problem> problem_with_model(const Json& params, const Json&) {
  if (params.value("batch_size", 2) > 1) return std::nullopt;
  return Problem{.parameter = "batch_size",
                 .message = "contrastive learning compares the images of a batch with each other: a batch_size of 1 leaves nothing to compare",
                 .hint = "write a batch_size of 2 or more; 256 is usual"};
}

}  // namespace

MethodSpec contrastive_training() {
  using namespace param;
  MethodSpec method = training({positive_real("temperature", 0.5, "of the softmax over the similarities"),
                                integer("projection_dim", 128, 1, "dimensions of the head's output, in which views are compared")},
                               {"loss"});
  method.name = "contrastive";
  method.display_name = "contrastive learning";
  method.doc = "an encoder alone, trained to tell two augmented views of an image from those of the other images of a batch; a head of two layers, which is not used afterwards, compares them";
  method.source = "SimCLR, Chen et al. 2020";
  method.other_names = {"simclr", "ntxent", "infonce", "contrastivelearning"};
  method.example = "contrastive: {temperature: 0.5}";
  method.encoder = "contrastive";
  method.views = 2;
  method.default_augment = {"random_resized_crop", "horizontal_flip", "color_jitter", "grayscale"};
  method.problem_with_model = problem_with_model;
  return method;
}

MethodSpec contrastive_encoder() {
  return {.kind = MethodKind::encoder,
          .name = "contrastive",
          .display_name = "encoder",
          .doc = "the features of an encoder that was trained without a decoder",
          .blas = true,
          .libtorch = true,
          .vectors = "latents",
          .not_finite = diverged,
          .cost = encoding_cost};
}

}  // namespace latentgrid
