// Training an encoder alone, and what applies it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

double encoding_cost(const Json&, std::int64_t, const PointsSize& images, bool) {
  constexpr double encoded_images_per_s = 2e3;
  return static_cast<double>(images.count) / encoded_images_per_s;
}

bool has_heads(const Json& params) { return params.value("heads", 0) > 0; }

std::optional<Problem> problem_with_heads(const Json& params, std::int64_t images) {
  constexpr std::int64_t most_values = 100'000'000;  // of the joint distributions of all heads: 400 MB, a few of them at a time
  if (!params.contains("head_clusters")) {
    return Problem{.parameter = "heads",
                   .message = "cluster heads need head_clusters, the number of clusters",
                   .hint = "write it: contrastive: {heads: 5, head_clusters: 10}"};
  }
  const std::int64_t heads = params.at("heads"), clusters = params.at("head_clusters"), overclusters = params.value("overclusters", std::int64_t{0});
  if (images != PointsSize::unknown && clusters > images) {
    return Problem{.parameter = "head_clusters",
                   .message = fmt::format("{} cannot be divided into {} clusters", counted(images, "image"), clusters),
                   .hint = fmt::format("choose head_clusters of at most {}", images)};
  }
  if (overclusters == 1) {
    return Problem{.parameter = "overclusters", .message = "heads of one cluster learn nothing", .hint = "write more overclusters, or 0 for no such heads"};
  }
  const std::int64_t largest = std::max(clusters, overclusters);
  if (heads * largest * largest <= most_values) return std::nullopt;
  return Problem{.parameter = overclusters > clusters ? "overclusters" : "head_clusters",
                 .message = fmt::format("{} of {} clusters need too much memory: each compares every cluster with every other", counted(heads, "head"), largest),
                 .hint = "choose fewer clusters, or fewer heads"};
}

std::vector<Problem> problems(const Json& params, const PointsSize& images) {
  std::vector<Problem> found = problems_with_options(params, images);
  if (!has_heads(params)) return found;
  if (auto problem = problem_with_heads(params, images.count)) found.push_back(std::move(*problem));
  return found;
}

}  // namespace

MethodSpec contrastive_training() {
  using namespace param;
  MethodSpec method = training_on_views(
      {positive_real("temperature", 0.5, "of the softmax over the similarities"),
       integer("projection_dim", 128, 1, "dimensions of the head's output, in which views are compared"),
       default_dropped(at_most(integer("heads", 0, 0, "cluster heads: linear maps from the features to clusters, trained beside them so that the views of an image fall into one cluster, and clusters are used evenly (mutual information, IIC, Ji et al. 2019); `clustering: heads` has the clusters of the best. 0: none"), 1000)),
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
