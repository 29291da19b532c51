#include "run/task_label.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

// "tsne 2-D", "pca", whose extents are its dimensions.
std::string method_text(const TaskNode& task) {
  const MethodSpec* method = method_of(task.stage, *task.params);
  if (!method) return "";
  return method->has_slices() || !method->find("dim") ? method->name : fmt::format("{} {}-D", method->name, task.params->at("dim").dump());
}

}  // namespace

std::string task_label(const TaskNode& task, const Job& job) {
  const StageSpec& stage = find_stage(task.stage);
  std::string model = job.architecture;
  if (job.model && job.latent != "native") model += " latent " + job.latent;
  if (job.model) model += fmt::format(" seed {}", job.seed);
  std::string trained = model;
  if (job.model) trained += fmt::format(" epoch {}", job.epochs());
  const bool draws_behind_the_encoder = stage.kind == MethodKind::clustering || stage.reads_dataset;
  if (!job.model && draws_behind_the_encoder) trained += fmt::format(" seed {}", job.seed);
  const std::string points = job.reductions().empty() ? "" : fmt::format("{} {}-D of ", name_of(job.reductions()), job.reduced_dim());
  using fmt::arg;
  return fmt::format(fmt::runtime(stage.progress), arg("images", task.dataset ? task.dataset->value("name", "") : job.dataset),
                     arg("model", model), arg("trained", trained), arg("method", method_text(task)),
                     arg("extents", fmt::format("{}", fmt::join(task.extents, ", "))), arg("longest", task.extents.back()),
                     arg("points", points));
}

}  // namespace latentgrid
