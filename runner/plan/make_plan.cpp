#include "plan/make_plan.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace latentgrid {

namespace {

DatasetIdentity identify(const DatasetSource& source, const DatasetHeader& header, DigestCache& digests) {
  DatasetIdentity identity;
  identity.image_count = header.images;
  identity.images = image_identity(source, digests);
  // Label files of which no image was selected are as good as none: the jobs get a silhouette.
  if (header.labelled > 0) identity.labels = label_identity(source, digests);
  identity.split = split_identity(source, digests);
  return identity;
}

}  // namespace

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
    plan.expansion = expand(plan.sweep, plan.dataset, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    plan.identity = identify(plan.sweep.dataset, plan.dataset, digests);
  } catch (const DatasetError& error) {  // a file of the dataset that can't be read or doesn't fit the others
    diagnostics.error(plan.sweep.dataset_where.of(error), error.what());
    return std::nullopt;
  } catch (const Error& error) {
    diagnostics.error(plan.sweep.dataset_where.section, error.what());
    return std::nullopt;
  }
  if (plan.expansion.jobs.empty()) {
    diagnostics.warning({plan.sweep.file, 0, 0}, "the grid has no cell left: there is nothing to run");
  }
  plan.graph = build_task_graph(plan.expansion.jobs, plan.identity);
  mark_published(plan.graph, store);
  return plan;
}

}  // namespace latentgrid
