#include "run/task_label.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

// "tsne 2-D to 250, 1000", "pca to 8, 16", "standardize".
std::string method_text(const TaskNode& task) {
  const MethodSpec* method = method_of(task.stage, *task.params);
  if (!method) return "";
  std::string text = method->name;
  if (!method->has_slices() && method->find("dim")) text += fmt::format(" {}-D", task.params->at("dim").dump());
  return method->extent ? fmt::format("{} to {}", text, fmt::join(task.extents, ", ")) : text;
}

}  // namespace

std::string task_label(const TaskNode& task, const Job& job) {
  const StageSpec& stage = find_stage(task.stage);
  std::string model = job.architecture;
  if (job.model && job.latent != "native") model += " latent " + job.latent;
  if (job.model) model += fmt::format(" seed {}", job.seed);
  if (job.model && job.training()->method != &default_training()) model += " by " + job.training()->method->name;
  std::string trained = model;
  if (job.model) trained += fmt::format(" epoch {}", job.epochs());
  if (job.refinement() && stage.kind != MethodKind::refinement) trained += " refined by " + job.refinement()->method->name;
  const bool draws_behind_the_encoder = stage.kind == MethodKind::clustering || stage.reads_dataset;
  if (!job.model && draws_behind_the_encoder) trained += fmt::format(" seed {}", job.seed);
  const std::string points = job.reductions().empty() ? "" : fmt::format("{} {}-D of ", name_of(job.reductions()), job.reduced_dim());
  using fmt::arg;
  return fmt::format(fmt::runtime(stage.progress), arg("images", task.dataset ? task.dataset->value("name", "") : job.dataset),
                     arg("model", model), arg("trained", trained), arg("method", method_text(task)),
                     arg("longest", task.extents.back()), arg("points", points));
}

}  // namespace latentgrid
