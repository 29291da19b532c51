#include "run/figure_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "db/figure_tasks.hpp"
#include "plan/removed_checkpoints.hpp"
#include "run/known_jobs.hpp"

namespace latentgrid {

namespace {

std::vector<FigureTaskRow> rows_of(const FigureTasks& figure_tasks, const Plan& plan) {
  std::vector<FigureTaskRow> rows;
  for (const FigureTask& task : figure_tasks.tasks) {
    const TaskNode& node = figure_tasks.plan.graph.tasks[task.task];
    rows.push_back({task.figure, task.panel, task.role, plan.graph.jobs[task.job].id, node.stage, {node.key, task.extent}});
  }
  return rows;
}

// The jobs' own tasks are in the plan of the figures as well; they have been counted.
std::int64_t reused_for_figures_alone(const FigureTasks& figure_tasks, const Plan& plan) {
  const std::vector<bool> alone = tasks_of_figures_alone(figure_tasks, plan);
  std::int64_t reused = 0;
  for (std::size_t task = 0; task < alone.size(); ++task) {
    reused += alone[task] && figure_tasks.plan.graph.tasks[task].complete();
  }
  return reused;
}

}  // namespace

RunSummary run_figure_tasks(const FigureRun& run, DigestCache& digests) {
  ResultsDb& db = run.context.db;
  if (!needs_figure_tasks(run.plan.sweep)) {
    set_figure_tasks(db, run.revision, {});
    return {};
  }
  Diagnostics diagnostics;
  diagnostics.add_source(run.plan.sweep.file, run.plan.sweep.text);
  std::optional<FigureTasks> figure_tasks =
      plan_figure_tasks(run.plan, run.context.store, digests, known_jobs(db, run.plan, run.states, FailedJobs::are_final), diagnostics);
  if (figure_tasks) leave_removed_checkpoints(figure_tasks->plan.graph, db);
  if (std::string said = diagnostics.render(); !said.empty()) {
    said.pop_back();  // the last line's end
    run.context.view.problem(said);
  }
  if (!figure_tasks) {
    RunSummary failed;
    failed.tasks_failed = 1;
    return failed;
  }
  set_figure_tasks(db, run.revision, rows_of(*figure_tasks, run.plan));
  if (!figure_tasks->waiting.empty()) {
    run.context.view.line(fmt::format("these figures wait for the scores of all jobs: {}", fmt::join(figure_tasks->waiting, ", ")));
  }
  const std::int64_t reused = reused_for_figures_alone(*figure_tasks, run.plan);
  RunSummary summary = SweepRun(figure_tasks->plan, std::nullopt, run.context).run();
  summary.tasks_reused = reused;
  return summary;
}

}  // namespace latentgrid
