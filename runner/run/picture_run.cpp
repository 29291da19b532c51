#include "run/picture_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

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

// The jobs' own tasks are in the pictures' plan as well; they have been counted.
std::int64_t reused_for_pictures_alone(const Pictures& pictures, const Plan& plan) {
  std::set<std::string> of_jobs;
  for (const TaskNode& task : plan.graph.tasks) of_jobs.insert(task.key);
  return std::count_if(pictures.plan.graph.tasks.begin(), pictures.plan.graph.tasks.end(),
                       [&](const TaskNode& task) { return task.complete() && !of_jobs.contains(task.key); });
}

}  // namespace

JobKnowledge known_jobs(const ResultsDb& db, const Plan& plan) {
  std::map<std::string, std::string> states;  // of the database's revision, which may be another one
  for (const ResultRow& row : load_results(db, plan.sweep.name)) states[row.job] = row.state;
  auto usable = std::make_shared<std::vector<bool>>();
  bool all_known = true;
  std::map<std::string, std::size_t> places;
  for (const JobNode& job : plan.graph.jobs) {
    places[job.id] = places.size();
    auto found = states.find(job.id);
    all_known = all_known && found != states.end() && found->second != "pending";
    usable->push_back(found == states.end() || (found->second != "failed" && found->second != "skipped"));
  }
  return {.best = [&db, &plan, all_known, places](const std::string& field) -> std::optional<std::size_t> {
            const std::optional<std::string> job = all_known ? best_job(db, plan.sweep.name, field) : std::nullopt;
            auto found = job ? places.find(*job) : places.end();
            return found == places.end() ? std::nullopt : std::optional(found->second);
          },
          .usable = [usable](std::size_t job) { return usable->at(job); }};
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
  if (!diagnostics.all().empty()) run.view.line(diagnostics.render());
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
