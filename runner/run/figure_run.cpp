#include "run/figure_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "db/queries.hpp"
#include "plan/removed_checkpoints.hpp"
#include "run/known_jobs.hpp"

namespace latentgrid {

namespace {

std::vector<FigureTaskRow> rows_of(const FigureTasks& pictures, const Plan& plan) {
  std::vector<FigureTaskRow> rows;
  for (const FigureTask& picture : pictures.tasks) {
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

// The jobs' own tasks are in the pictures' plan as well; they have been counted.
std::int64_t reused_for_figures_alone(const FigureTasks& pictures, const Plan& plan) {
  const std::vector<bool> alone = tasks_of_figures_alone(pictures, plan);
  std::int64_t reused = 0;
  for (std::size_t task = 0; task < alone.size(); ++task) {
    reused += alone[task] && pictures.plan.graph.tasks[task].complete();
  }
  return reused;
}

}  // namespace

RunSummary run_figure_tasks(const FigureRun& run, DigestCache& digests) {
  ResultsDb& db = run.context.db;
  if (!needs_figure_tasks(run.plan.sweep)) {
    db.set_figure_tasks(run.revision, {});
    return {};
  }
  Diagnostics diagnostics;
  diagnostics.add_source(run.plan.sweep.file, run.plan.sweep.text);
  std::optional<FigureTasks> pictures =
      plan_figure_tasks(run.plan, run.context.store, digests, known_jobs(db, run.plan, run.states, FailedJobs::are_final), diagnostics);
  if (pictures) leave_removed_checkpoints(pictures->plan.graph, db);
  if (std::string said = diagnostics.render(); !said.empty()) {
    said.pop_back();  // the last line's end
    run.context.view.problem(said);
  }
  if (!pictures) {
    RunSummary failed;
    failed.tasks_failed = 1;
    return failed;
  }
  db.set_figure_tasks(run.revision, rows_of(*pictures, run.plan));
  if (!pictures->waiting.empty()) {
    run.context.view.line(fmt::format("these figures wait for the scores of all jobs: {}", fmt::join(pictures->waiting, ", ")));
  }
  const std::int64_t reused = reused_for_figures_alone(*pictures, run.plan);
  RunSummary summary = SweepRun(pictures->plan, std::nullopt, run.context).run();
  summary.tasks_reused = reused;
  return summary;
}

}  // namespace latentgrid
