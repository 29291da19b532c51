// Training an encoder alone, and what applies it.
#include "methods/training.hpp"

namespace latentgrid {

namespace {

double encoding_cost(const Json&, std::int64_t, const PointsSize& images, bool) {
  constexpr double encoded_images_per_s = 2e3;
  return static_cast<double>(images.count) / encoded_images_per_s;
}

bool has_heads(const Json& params) { return params.value("heads", 0) > 0; }

std::vector<Problem> problems(const Json& params, const PointsSize& images) {
  std::vector<Problem> found = problems_with_options(params, images);
  if (has_heads(params) && !params.contains("head_clusters")) {
    found.push_back({.parameter = "heads",
                     .message = "cluster heads need head_clusters, the number of clusters",
                     .hint = "write it: contrastive: {heads: 5, head_clusters: 10}"});
  }
  return found;
}

}  // namespace

MethodSpec contrastive_training() {
  using namespace param;
  MethodSpec method = training_on_views(
      {positive_real("temperature", 0.5, "of the softmax over the similarities"),
       integer("projection_dim", 128, 1, "dimensions of the head's output, in which views are compared"),
       default_dropped(at_most(integer("heads", 0, 0, "cluster heads: linear maps from the features to clusters, trained beside them so that the views of an image tell of each other's cluster (mutual information, IIC, Ji et al. 2019); `clustering: heads` has the clusters of the best. 0: none"), 1000)),
       only_above_0("heads", at_most(integer("head_clusters", nullptr, 2, "clusters of each of these heads"), 10000)),
       only_above_0("heads", at_most(integer("overclusters", 0, 0, "clusters of each of as many further heads, which give no labels but help the features; 0: no such heads"), 10000)),
       only_above_0("heads", positive_real("heads_weight", 1.0, "weight of the heads' loss: the mean over the heads, and over the further ones, added"))});
  method.name = "contrastive";
  method.display_name = "contrastive learning";
  method.doc = "an encoder alone, trained to tell two augmented views of an image from those of the other images of a batch; a head of two layers, which is not used afterwards, compares them";
  method.source = "SimCLR, Chen et al. 2020";
  method.other_names = {"simclr", "ntxent", "infonce", "contrastivelearning"};
  method.example = "contrastive: {temperature: 0.5}";
  method.problems = problems;
  method.has_heads = has_heads;
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
