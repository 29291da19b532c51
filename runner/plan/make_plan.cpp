#include "plan/make_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/access.hpp"
#include "base/error.hpp"
#include "data/digest_cache.hpp"
#include "data/features.hpp"
#include "data/identity.hpp"
#include "plan/dark_images.hpp"
#include "plan/few_classes.hpp"
#include "plan/job_choice.hpp"
#include "plan/job_conditions.hpp"
#include "plan/turned_images.hpp"

namespace latentgrid {

namespace {

// The header of what can be read; what is wrong is reported and becomes unread.
DatasetHeader read_header(Sweep& sweep, Diagnostics& diagnostics) {
  Unread& unread = sweep.unread;
  DatasetSource source = sweep.dataset;
  while (!unread.image_shape) {
    if (unread.labels) source.labels.clear();
    if (unread.selection) source.classes.clear();
    try {
      return read_dataset_header(source);
    } catch (const DatasetError& error) {
      diagnostics.error(sweep.dataset_where.of(error), error.what(), error.hint());
      unread.add(error.part(), !source.classes.empty());
    } catch (const Error& error) {
      diagnostics.error(sweep.dataset_where.section, error.what(), hint_of(error));
      unread.add(DatasetError::Part::images, false);
    }
  }
  return {};
}

// An inverted or empty mask leaves one of the two scores without images.
void warn_of_empty_part(const Sweep& sweep, Diagnostics& diagnostics) {
  const std::vector<bool> is_public = load_public_mask(sweep.dataset);
  const std::vector<std::int32_t> labels = load_labels(sweep.dataset);
  std::array<std::int64_t, 2> labelled = {0, 0};  // private, public
  for (std::size_t i = 0; i < labels.size(); ++i) labelled[is_public[i]] += labels[i] >= 0;
  for (const bool part : {true, false}) {
    if (labelled[part] > 0) continue;
    const char* name = part ? "public" : "private";
    diagnostics.warning(sweep.dataset_where.of(DatasetError(DatasetError::Part::public_indices, 0, "")),
                        fmt::format("the split leaves no labelled image {0}, so there is no {0} score", name),
                        "without `split:` the tables show one accuracy, of all labelled images");
  }
}

// What `action` finds wrong with the dataset's files has a position.
template <typename Action>
void about_dataset(const Sweep& sweep, Diagnostics& diagnostics, Action&& action) {
  try {
    action();
  } catch (const DatasetError& error) {
    diagnostics.error(sweep.dataset_where.of(error), error.what(), error.hint());
  } catch (const Error& error) {
    diagnostics.error(sweep.dataset_where.section, error.what(), hint_of(error));
  }
}

}  // namespace

void warn_of_large_limit(const DatasetSource& source, const DatasetPositions& where, std::int64_t images, Diagnostics& diagnostics) {
  if (!source.limit || *source.limit <= images) return;
  diagnostics.warning(where.limit,
                      fmt::format("limit is {}, but there are only {} images{}", *source.limit, images,
                                  source.classes.empty() ? "" : " of these classes"),
                      "all of them are used; remove the limit, or check whether images are missing");
}

std::int64_t Plan::reused() const {
  return std::count_if(graph.tasks.begin(), graph.tasks.end(), [](const TaskNode& task) { return task.complete(); });
}

std::optional<Plan> make_plan(const std::filesystem::path& file, const SpecOptions& options, const ArtifactStore& store,
                              DigestCache& digests, Diagnostics& diagnostics, const GpusOf& gpus) {
  Plan plan;
  plan.sweep = read_sweep(file, options, diagnostics);
  Sweep& sweep = plan.sweep;
  if (gpus) plan.gpus = gpus(sweep);
  if (sweep.unread.everything) return std::nullopt;
  plan.dataset = read_header(sweep, diagnostics);
  const bool dataset_known = !sweep.unread.image_shape && !sweep.unread.selection && !sweep.unread.labels;
  if (dataset_known) {
    about_dataset(sweep, diagnostics, [&] {
      warn_of_turned_images(sweep.dataset, sweep.dataset_where, diagnostics);
      warn_of_dark_images(sweep.dataset, sweep.dataset_where, diagnostics);
    });
    about_dataset(sweep, diagnostics, [&] { warn_of_few_classes(sweep.dataset, sweep.dataset_where, plan.dataset, diagnostics); });
    about_dataset(sweep, diagnostics, [&] {
      if (sweep.dataset.split.written && plan.dataset.labelled > 0) warn_of_empty_part(sweep, diagnostics);
    });
    warn_of_large_limit(sweep.dataset, sweep.dataset_where, plan.dataset.images, diagnostics);
  }
  plan.expansion = expand(sweep, plan.dataset, diagnostics, plan.gpus);
  if (!diagnostics.has_errors()) {
    for (const TableJobs& table : sweep.table_jobs) jobs_that_meet(plan.expansion.jobs, table.conditions, table.where, diagnostics);
  }
  if (!diagnostics.has_errors()) check_report_parameters(sweep, plan.expansion.jobs, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  auto any_job = [&](auto&& is) { return std::any_of(plan.expansion.jobs.begin(), plan.expansion.jobs.end(), is); };
  about_dataset(sweep, diagnostics, [&] {  // reads every byte: last, and only for a sweep without errors
    plan.identity.image_count = plan.dataset.images;
    if (any_job([](const Job& job) { return !job.encoder().method->reads_dataset; })) plan.identity.images = image_identity(sweep.dataset, digests);
    if (any_job([](const Job& job) { return job.encoder().method->reads_dataset; })) plan.identity.features = feature_identity(sweep.dataset, digests);
    identify_labels(sweep.dataset, plan.dataset, digests, plan.identity);
  });
  if (diagnostics.has_errors()) return std::nullopt;
  if (plan.expansion.jobs.empty()) {
    diagnostics.warning({plan.sweep.file, 0, 0}, "the grid has no cell left, so there is nothing to run",
                        "exclude removes every cell: check its conditions");
  }
  plan.graph = build_task_graph(plan.expansion.jobs, plan.identity);
  mark_published(plan.graph, store);
  return plan;
}

}  // namespace latentgrid
