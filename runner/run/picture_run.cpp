#include "run/picture_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "db/queries.hpp"
#include "run/best_job.hpp"

namespace latentgrid {

namespace {

std::vector<PictureRow> rows_of(const Pictures& pictures, const Plan& plan) {
  std::vector<PictureRow> rows;
  for (const PictureTask& picture : pictures.tasks) {
    const TaskNode& task = pictures.plan.graph.tasks[picture.task];
    rows.push_back({picture.figure,
                    picture.panel,
                    picture.role,
                    plan.graph.jobs[picture.job].id,
                    task.stage,
                    {task.key, picture.extent}});
  }
  return rows;
}

// What the database says of a plan's jobs. Its latest revision of the sweep may be another one.
class JobStates : public RowSink {
 public:
  explicit JobStates(const TaskGraph& graph) : states_(graph.jobs.size()) {
    places_.reserve(graph.jobs.size());
    for (const JobNode& job : graph.jobs) places_.emplace(job.id, places_.size());
  }

  void begin(const std::vector<std::string>&) override {}
  void row(const std::vector<Cell>& cells) override {
    if (const auto place = place_of(std::get<std::string>(cells[0]))) states_[*place] = std::get<std::string>(cells[1]);
  }

  std::optional<std::size_t> place_of(const std::string& job) const {
    auto found = places_.find(job);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  bool all_ended() const {
    return std::none_of(states_.begin(), states_.end(),
                        [](const std::string& state) { return state.empty() || state == "pending"; });
  }
  bool usable(std::size_t job) const { return states_.at(job) != "failed" && states_.at(job) != "skipped"; }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::string> states_;  // "": not in the database
};

// The jobs' own tasks are in the pictures' plan as well; they have been counted.
std::int64_t reused_for_pictures_alone(const Pictures& pictures, const Plan& plan) {
  const std::vector<bool> alone = tasks_of_figures_alone(pictures, plan);
  std::int64_t reused = 0;
  for (std::size_t task = 0; task < alone.size(); ++task) {
    reused += alone[task] && pictures.plan.graph.tasks[task].complete();
  }
  return reused;
}

}  // namespace

JobKnowledge known_jobs(const ResultsDb& db, const Plan& plan) {
  const auto states = std::make_shared<JobStates>(plan.graph);
  select_results(db, {.sweep = plan.sweep.name, .columns = {"job", "state"}}, *states);
  const bool all_ended = states->all_ended();
  return {.all_ended = all_ended,
          .best = [&db, &plan, states, all_ended](const std::string& field) -> std::optional<std::size_t> {
            const std::optional<std::string> job = all_ended ? best_job(db, plan.sweep.name, field) : std::nullopt;
            return job ? states->place_of(*job) : std::nullopt;
          },
          .usable = [states](std::size_t job) { return states->usable(job); }};
}

RunSummary run_pictures(const PictureRun& run, DigestCache& digests) {
  if (!needs_pictures(run.plan.sweep)) {
    run.db.set_pictures(run.revision, {});
    return {};
  }
  Diagnostics diagnostics;
  diagnostics.add_source(run.plan.sweep.file, run.plan.sweep.text);
  const std::optional<Pictures> pictures =
      plan_pictures(run.plan, run.store, digests, known_jobs(run.db, run.plan), diagnostics);
  if (std::string said = diagnostics.render(); !said.empty()) {
    said.pop_back();  // the last line's end
    run.view.problem(said);
  }
  if (!pictures) {
    RunSummary failed;
    failed.tasks_failed = 1;
    return failed;
  }
  run.db.set_pictures(run.revision, rows_of(*pictures, run.plan));
  if (!pictures->waiting.empty()) {
    run.view.line(fmt::format("figures that wait for all jobs' scores: {}", fmt::join(pictures->waiting, ", ")));
  }
  const std::int64_t reused = reused_for_pictures_alone(*pictures, run.plan);
  RunSummary summary =
      SweepRun(pictures->plan, run.store, run.db, std::nullopt, run.executor, run.interrupts, run.clock, run.view)
          .run();
  summary.tasks_reused = reused;
  return summary;
}

}  // namespace latentgrid
