#include "cli/task_words.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "methods/stages.hpp"

namespace latentgrid::cli {

namespace {

// "pca50+tsne 2-D"; of a step before the last what has been done by then, "pca 50-D".
std::string reduction_words(const ResultRow& job, std::size_t step) {
  if (step + 1 >= job.steps.size()) return fmt::format("{} {}-D", job.reduction, job.reduced_dim);
  std::string words;
  for (std::size_t i = 0; i < step; ++i) words += job.steps[i].method + job.steps[i].dim + "+";
  words += job.steps[step].method;
  return job.steps[step].dim.empty() ? words : fmt::format("{} {}-D", words, job.steps[step].dim);
}

}  // namespace

// As much of the job as its tasks up to this stage have.
std::string task_words(const ResultRow& job, const std::string& stage_name, std::int64_t step) {
  const StageSpec& stage = find_stage(stage_name);
  if (stage.reads_dataset) return fmt::format("{} {}", stage_name, job.dataset);
  std::string words = fmt::format("{} {}", stage_name, job.architecture);
  if (!job.latent.empty() && job.latent != "native") words += " latent " + job.latent;
  const bool is_behind_the_encoder = stage.kind == MethodKind::reduction || stage.kind == MethodKind::clustering || !stage.kind;
  const std::size_t steps_done = stage.kind == MethodKind::reduction ? static_cast<std::size_t>(step) : job.steps.size();
  if (is_behind_the_encoder && !job.steps.empty()) words += " " + reduction_words(job, steps_done);
  if (stage.kind == MethodKind::clustering || !stage.kind) words += " " + job.clustering;
  return words + fmt::format(" seed {}", job.seed);
}

}  // namespace latentgrid::cli
