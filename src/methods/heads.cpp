#include <fmt/format.h>
#include <fmt/ranges.h>

#include "methods/methods.hpp"

namespace latentgrid {

namespace {

constexpr const char* training_with_heads = "training: {contrastive: {heads: 5, head_clusters: 10}}";

std::string without(const std::string& condition) {
  return fmt::format("leave these cells out: exclude: {{{}, clustering: heads}}", condition);
}

std::optional<Problem> problem_with_training(const MethodSpec& training, const Json& params) {
  if (!training.has_heads) {
    return Problem{.message = fmt::format("the training {} has no cluster heads", training.name),
                   .hint = fmt::format("a training that has them is {}, and refinements have clusters too, refine: {}; or {}", training_with_heads,
                                       method_names(MethodKind::refinement).front(), without(fmt::format("training: {}, {}: none", training.name, refine_parameter)))};
  }
  if (training.has_heads(params)) return std::nullopt;
  return Problem{.message = fmt::format("the training {} has no cluster heads unless it is told to", training.name),
                 .hint = fmt::format("write {}; or {}", training_with_heads, without(fmt::format("training: {{{}: {{{}: 0}}}}, {}: none", training.name, heads_parameter, refine_parameter)))};
}

std::optional<Problem> problem_with_path(const PathToClustering& path) {
  if (!path.training) {
    return Problem{.message = fmt::format("heads are trained with an encoder, and {} are not trained", path.encoder.display_name),
                   .hint = without("architecture: " + path.encoder.name)};
  }
  if (!path.refined) {
    if (const auto problem = problem_with_training(*path.training, path.training_params)) return problem;
  }
  if (path.reductions.empty()) return std::nullopt;
  const std::string names = fmt::format("{}", fmt::join(path.reductions, ", "));
  return Problem{.message = "heads label what the encoder makes of an image, and cannot stand behind a reduction",
                 .hint = without(path.reductions.size() > 1 ? fmt::format("reduction: [[{}]]", names) : "reduction: " + names)};
}

}  // namespace

MethodSpec heads_method() {
  return {.kind = MethodKind::clustering,
          .name = "heads",
          .display_name = "cluster heads",
          .doc = "the clusters that the training itself gives. Of a refinement: the nearest of its centers. Otherwise: the cluster head of least loss in the last epoch, applied to the images without augmentation; k is the training's head_clusters",
          .source = "IIC, Ji et al. 2019",
          .other_names = {"iic", "head", "clusterheads", "clusterhead", "invariantinformationclustering"},
          .example = "heads",
          .by_heads = true,
          .problem_with_path = problem_with_path};
}

}  // namespace latentgrid
