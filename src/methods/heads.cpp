#include <fmt/format.h>
#include <fmt/ranges.h>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr const char* training_with_heads = "contrastive: {heads: 5, head_clusters: 10}";

std::string without(const std::string& condition) {
  return fmt::format("leave these cells out: exclude: {{{}, clustering: heads}}", condition);
}

std::optional<Problem> problem_with_path(const PathToClustering& path) {
  if (!path.training) {
    return Problem{.message = fmt::format("heads are trained with an encoder, and {} are not trained", path.encoder.display_name),
                   .hint = without("architecture: " + path.encoder.name)};
  }
  const MethodSpec& training = *path.training;
  if (!training.has_heads) {
    return Problem{.message = fmt::format("the training {} has no cluster heads", training.name),
                   .hint = fmt::format("a training that has them is {{{}}}; or {}", training_with_heads, without("training: " + training.name))};
  }
  if (!training.has_heads(path.training_params)) {
    return Problem{.message = fmt::format("the training {} has no cluster heads unless it is told to", training.name),
                   .hint = fmt::format("write training: {{{}}}", training_with_heads)};
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
          .doc = "the clusters that the training itself gives: of its cluster heads that of least loss in the last epoch, applied to the images without augmentation; k is the training's head_clusters",
          .source = "IIC, Ji et al. 2019",
          .other_names = {"iic", "head", "clusterheads", "clusterhead", "invariantinformationclustering"},
          .example = "heads",
          .by_heads = true,
          .problem_with_path = problem_with_path};
}

}  // namespace latentgrid
