#include "cli/sweep_record.hpp"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/version.hpp"
#include "data/class_names.hpp"
#include "run/job_record.hpp"
#include "run/sweep_run.hpp"
#include "spec/launcher_section.hpp"

namespace latentgrid::cli {

namespace {

// A sweep is the same wherever it runs.
std::vector<std::string> sets_about_work(const SweepOptions& options) {
  std::vector<std::string> sets = options.sets;
  std::erase_if(sets, is_about_workers);
  return sets;
}

}  // namespace

SweepRecord sweep_record(const Plan& plan, const SweepOptions& options) {
  SweepRecord record;
  record.name = plan.sweep.name;
  record.file = plan.sweep.file;
  record.text = plan.sweep.text;
  record.options = {{"set", sets_about_work(options)}, {"data", options.data}};
  record.report = plan.sweep.report;
  record.dataset = {{"name", plan.sweep.dataset.name},     {"images", plan.dataset.images},
                    {"labelled", plan.dataset.labelled},   {"classes", plan.dataset.classes},
                    {"channels", plan.dataset.channels},   {"height", plan.dataset.height},
                    {"width", plan.dataset.width},         {"source", plan.sweep.dataset.to_json()}, {"selection", plan.identity.selection}};
  if (!plan.sweep.dataset.split.written) record.dataset["default_split"] = true;
  if (plan.dataset.labelled > 0) record_class_labels(plan.sweep.dataset, record.dataset);
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  record.provenance = {{"build", build_version()},
                       {"git_commit", git_commit()},
                       {"host", host},
                       {"data", {{"images", plan.identity.images}, {"labels", plan.identity.labels}, {"split", plan.identity.split}}},
                       {"sweep_file", std::filesystem::absolute(plan.sweep.file).lexically_normal().string()}};
  record.created_at = system_clock().utc_timestamp();
  return record;
}

JobList job_list(const Plan& plan) {
  const TaskGraph& graph = plan.graph;
  const auto numbers = std::make_shared<const TaskNumbers>(graph);
  return {graph.jobs.size(), [&](std::size_t i) -> const std::string& { return graph.jobs[i].id; },
          [&](std::size_t i) -> const std::string& { return graph.jobs[i].key; },
          [&, numbers](std::size_t i) { return job_record(plan.expansion.jobs[i], graph.jobs[i], graph, *numbers); },
          [numbers] { return numbers->tasks(); }};
}

RevisionChange revision_change(const Plan& plan, const SweepOptions& options, const ArtifactStore& store) {
  try {
    const ResultsDb db = ResultsDb::open_for_reading(store.database());
    return latentgrid::revision_change(db, sweep_record(plan, options), job_list(plan));
  } catch (const Error&) {
    // None yet, or one that the next run brings up to date.
  }
  return {};
}

}  // namespace latentgrid::cli
