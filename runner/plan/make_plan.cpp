#include "plan/make_plan.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace latentgrid {

std::int64_t Plan::reused() const {
  return std::count_if(graph.tasks.begin(), graph.tasks.end(), [](const TaskNode& task) { return task.complete(); });
}

std::optional<Plan> make_plan(const std::filesystem::path& file, const SpecOptions& options, const ArtifactStore& store,
                              DigestCache& digests, Diagnostics& diagnostics) {
  std::optional<Sweep> sweep = load_sweep(file, options, diagnostics);
  if (!sweep) return std::nullopt;
  Plan plan{std::move(*sweep), {}, {}, {}, {}};
  try {
    plan.dataset = read_dataset_header(plan.sweep.dataset);
  } catch (const Error& error) {
    diagnostics.error(plan.sweep.dataset_where, error.what());
    return std::nullopt;
  }
  plan.expansion = expand(plan.sweep, plan.dataset, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  plan.identity.image_count = plan.dataset.images;
  plan.identity.images = image_identity(plan.sweep.dataset, digests);
  plan.identity.labels = label_identity(plan.sweep.dataset, digests);
  plan.identity.split = split_identity(plan.sweep.dataset, digests);
  plan.graph = build_task_graph(plan.expansion.jobs, plan.identity);
  mark_published(plan.graph, store);
  return plan;
}

}  // namespace latentgrid
