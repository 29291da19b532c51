#include "space/needs.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <vector>

#include "base/file_system.hpp"
#include "columns/best_job.hpp"
#include "db/details.hpp"
#include "db/figure_tasks.hpp"
#include "db/needs.hpp"
#include "db/queries.hpp"
#include "methods/stages.hpp"
#include "plan/export_task.hpp"

namespace latentgrid {

namespace {

void merge(Need& need, const Need& more) {
  need.latest.insert(more.latest.begin(), more.latest.end());
  need.older |= more.older;
}

// What a task read, as the transcript of its key says: keys and extents without their stages.
std::vector<ArtifactId> inputs_of(const ArtifactStore& store, const std::string& stage, const std::string& key) {
  static const std::regex input("(^|\n)input\\.(\\w+)\\.extent = int (\\d+)\ninput\\.\\2\\.key = text ([0-9a-f]{64})");
  const std::filesystem::path file = store.transcript(stage, key);
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return {};
  const std::string text = read_file(file);
  std::vector<ArtifactId> found;
  for (std::sregex_iterator match(text.begin(), text.end(), input), end; match != end; ++match) {
    found.push_back({(*match)[4], std::stoll((*match)[3])});
  }
  return found;
}

// A figure's own tasks are known to the database, but not what lies between them and the job.
void add_what_figures_read(const std::vector<TaskNeed>& rows, const ArtifactStore& store, Needs& needs) {
  for (const TaskNeed& row : rows) {
    if (!row.of_figure) continue;
    const Need need = needs.artifacts.at({row.stage, row.artifact.key, row.artifact.extent});
    std::vector<std::pair<std::string, std::string>> open = {{row.stage, row.artifact.key}};
    while (!open.empty()) {
      const auto [stage, key] = open.back();
      open.pop_back();
      for (const ArtifactId& input : inputs_of(store, stage, key)) {
        for (const StageSpec& made_by : all_stages()) {
          const std::string from(made_by.name);
          if (!store.exists(from, input)) continue;
          merge(needs.artifacts[{from, input.key, input.extent}], need);
          open.emplace_back(from, input.key);
        }
      }
    }
  }
}

void add_families(Needs& needs) {
  for (const auto& [name, need] : needs.artifacts) {
    const auto& [stage, key, extent] = name;
    const StageSpec& spec = find_stage(stage);
    for (const StageSpec& cache : all_stages()) {
      if (!cache.is_cache || spec.points.empty()) continue;
      merge(needs.families[{std::string(cache.name), cache_key(cache, stage, key, extent)}], need);
    }
    if (spec.has_checkpoints()) {
      merge(needs.families[{"export", encoder_export({key, extent}).tasks.back().key}], need);
    }
  }
}

// As a figure chooses it that names no job.
std::optional<std::string> best_job(const std::vector<ResultRow>& rows, bool labelled) {
  const Metric& metric = *find_metric(default_metric_of_best(labelled));
  BestJob best(metric);
  for (std::size_t i = 0; i < rows.size(); ++i) best.see(i, rows[i].state, rows[i][metric]);
  return best.found() ? std::optional(rows[*best.found()].job) : std::nullopt;
}

void add_checkpoints(const ResultsDb& db, const ArtifactStore& store, Needs& needs) {
  std::vector<std::string> stages;
  for (const StageSpec& stage : all_stages()) {
    if (stage.makes_model) stages.emplace_back(stage.name);
  }
  for (ArtifactId& model : artifacts_of_incomplete_jobs(db, stages)) needs.checkpoints.insert(std::move(model));
  auto add_model_of = [&](const std::string& job) {
    for (ArtifactId& model : artifacts_of(db, job, stages)) needs.checkpoints.insert(std::move(model));
  };
  for (const SweepSummary& sweep : list_sweeps(db)) {
    const bool labelled = find_revision(db, sweep.name, std::nullopt)->dataset.value("labelled", std::int64_t{0}) > 0;
    if (const auto best = best_job(load_results(db, sweep.revision), labelled)) add_model_of(*best);
    for (const FigureTaskRow& task : figure_tasks(db, sweep.revision)) {
      if (!store.exists(task.stage, task.artifact)) add_model_of(task.job);
    }
  }
}

}  // namespace

const Need* Needs::find(const std::string& stage, const ArtifactId& id) const {
  if (const auto found = artifacts.find({stage, id.key, id.extent}); found != artifacts.end()) return &found->second;
  const auto family = families.find({stage, id.key});
  return family == families.end() ? nullptr : &family->second;
}

Needs read_needs(const ResultsDb& db, const ArtifactStore& store) {
  Needs needs;
  const std::vector<TaskNeed> rows = task_needs(db);
  for (const TaskNeed& row : rows) {
    Need& need = needs.artifacts[{row.stage, row.artifact.key, row.artifact.extent}];
    if (row.latest) {
      need.latest.insert(row.sweep);
    } else {
      need.older = true;
    }
  }
  add_what_figures_read(rows, store, needs);
  add_families(needs);
  add_checkpoints(db, store, needs);
  return needs;
}

}  // namespace latentgrid
