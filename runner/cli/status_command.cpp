#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/duration_text.hpp"
#include "base/heartbeat.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/goings_on.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "cli/sweep_or_file.hpp"
#include "cli/workers_text.hpp"
#include "db/revisions.hpp"

namespace latentgrid::cli {

namespace {

struct StatusOptions {
  std::string asked;  // a sweep or its file; "": all
  std::string sweep;  // its name
  bool all = false;
};

// Workers are those of one sweep at a time.
bool is_of(const std::string& sweep, const GoingsOn& seen) { return sweep.empty() || !seen.run || seen.run->sweep == sweep; }

Json to_json(const SweepSummary& sweep, std::int64_t hidden) {
  const StateCounts& jobs = sweep.jobs;
  return {{"name", sweep.name},
          {"file", sweep.file},
          {"revision", sweep.number},
          {"created_at", sweep.created_at},
          {"last_activity", sweep.last_activity},
          {"jobs_of_earlier_revisions", hidden},
          {"jobs",
           {{"total", jobs.total()},
            {"complete", jobs.complete},
            {"failed", jobs.failed},
            {"skipped", jobs.skipped},
            {"pending", jobs.pending}}}};
}

Json run_json(const GoingsOn& seen) {
  if (!seen.run) return nullptr;
  Json progress;
  if (const std::optional<RunProgress>& said = seen.run->progress) {
    progress = {{"done", said->done}, {"total", said->total}, {"eta_s", said->eta_s < 0 ? Json() : Json(said->eta_s)}};
  }
  return {{"sweep", seen.run->sweep},     {"executor", seen.run->executor}, {"process", seen.run->process}, {"host", seen.run->host},
          {"since", seen.run->since},     {"works", seen.works},            {"heartbeat_s", json_of(seen.silence_s)},
          {"progress", progress}};
}

Json submitted_json(const GoingsOn& seen, const std::string& sweep) {
  Json list = Json::array();
  for (const SeenRun& submitted : seen.submitted) {
    if (!sweep.empty() && submitted.run.sweep != sweep) continue;
    list.push_back({{"sweep", submitted.run.sweep}, {"executor", submitted.run.executor},
                    {"scheduler", submitted.listed ? scheduler_json(*submitted.listed) : Json()}, {"log", submitted.log.string()}});
  }
  return list;
}

// "57 of 133 tasks done, ETA 34 s; "
std::string progress_text(const RunNote& run) {
  if (!run.progress) return "";
  const std::string eta = run.progress->eta_s < 0 ? "" : ", ETA " + duration_text(run.progress->eta_s);
  return fmt::format("{} of {} done{}; ", run.progress->done, counted(run.progress->total, "task"), eta);
}

// What goes on, and what can be done about it.
std::string run_text(const GoingsOn& seen, const Context& context) {
  const std::string folder = context.results.string();
  if (seen.works) {
    std::string text = fmt::format("a run of {} works in {}: {}{}", seen.run->sweep, folder, progress_text(*seen.run), *seen.holder);
    if (seen.silence_s && *seen.silence_s >= seconds_without_a_beat) text += fmt::format("; it has given no sign of life for {}", duration_text(*seen.silence_s));
    return text;
  }
  if (seen.holder) return fmt::format("a run works in {}: {}", folder, *seen.holder);
  if (!seen.run) return fmt::format("no run works in {}", folder);
  std::string text = fmt::format("no run works in {}; the run of {} (process {} on {} since {}) was killed", folder, seen.run->sweep, seen.run->process, seen.run->host, seen.run->since);
  const auto left = std::count_if(seen.workers.workers.begin(), seen.workers.workers.end(), may_be_there);
  if (left > 0) {
    text += fmt::format(", and {} of that run {} still there: `latentgrid run FILE` takes {} over, `latentgrid cancel {}` ends {}", counted(left, "worker"), left == 1 ? "is" : "are",
                        left == 1 ? "it" : "them", seen.run->sweep, left == 1 ? "it" : "them");
  }
  return text;
}

void print_table(const std::vector<SweepSummary>& sweeps, const ResultsDb& db, const GoingsOn& seen, const StatusOptions& options, const Context& context) {
  std::vector<std::vector<Cell>> rows;
  for (const SweepSummary& sweep : sweeps) {
    const StateCounts& jobs = sweep.jobs;
    rows.push_back({sweep.name, jobs.total(), jobs.complete, jobs.failed, jobs.skipped, jobs.pending,
                    sweep.last_activity});
  }
  print_rows(context.format, {"sweep", "jobs", "complete", "failed", "skipped", "pending", "last activity"},
             rows);
  // Files of rows have the sweeps alone.
  const WorkerTable workers = context.format == Format::table && is_of(options.sweep, seen) ? worker_table(db, seen, options.all) : WorkerTable();
  if (!workers.rows.empty()) {
    fmt::print("\n");
    print_rows(context.format, workers.columns, workers.rows);
  }
  flush_stdout();
}

void print_notes(const std::vector<SweepSummary>& sweeps, const ResultsDb& db, const GoingsOn& seen, const StatusOptions& options, const Context& context) {
  fmt::print(stderr, "{}\n", run_text(seen, context));
  for (const SeenRun& submitted : seen.submitted) {
    if (options.sweep.empty() || submitted.run.sweep == options.sweep) fmt::print(stderr, "{}\n{}", in_words(submitted), hint_about(submitted));
  }
  if (!seen.workers.scheduler_problem.empty()) {
    fmt::print(stderr, "what the scheduler says of the workers is missing: {}\n", seen.workers.scheduler_problem);
  }
  if (seen.lacks_commands) {
    fmt::print(stderr, "the scheduler was not asked: latentgrid takes its commands only from a sweep file that you name; `latentgrid status FILE` asks it\n");
  }
  if (is_of(options.sweep, seen)) fmt::print(stderr, "{}", waiting_text(seen));
  for (const SweepSummary& sweep : sweeps) {
    const std::int64_t hidden = jobs_of_earlier_revisions(db, sweep.name);
    if (hidden == 0) continue;
    fmt::print(stderr, "{}: {} of earlier revisions {} not in revision {}; `latentgrid ls {} --revisions` lists them\n",
               sweep.name, counted(hidden, "job"), hidden == 1 ? "is" : "are", sweep.number, sweep.name);
  }
  for (const SweepSummary& sweep : sweeps) {
    if (sweep.jobs.failed + sweep.jobs.skipped == 0) continue;
    fmt::print(stderr, "{}: {} failed or could not be done; `latentgrid ls {} --where state!=complete --columns job,state,reason` says why, `latentgrid show JOB` names the logs\n", sweep.name,
               counted(sweep.jobs.failed + sweep.jobs.skipped, "job"), sweep.name);
  }
}

int print_status(StatusOptions options, const Context& context) {
  ResultsDb db = open_results(context);
  const AskedSweep asked = asked_sweep(db, options.asked, "status");
  options.sweep = asked.name;
  const GoingsOn seen = goings_on(context, asked.commands);
  std::vector<SweepSummary> sweeps = list_sweeps(db);
  if (!options.sweep.empty()) std::erase_if(sweeps, [&](const SweepSummary& sweep) { return sweep.name != options.sweep; });
  if (context.format == Format::json) {
    Json list = Json::array();
    for (const SweepSummary& sweep : sweeps) list.push_back(to_json(sweep, jobs_of_earlier_revisions(db, sweep.name)));
    const Json json{{"results", context.results.string()},
                    {"held_by", seen.holder ? Json(*seen.holder) : Json()},
                    {"sweeps", list},
                    {"run", run_json(seen)},
                    {"submitted", submitted_json(seen, options.sweep)},
                    {"workers", is_of(options.sweep, seen) ? workers_json(db, seen, options.all) : Json::array()},
                    {"scheduler_problem", seen.workers.scheduler_problem.empty() ? Json() : Json(seen.workers.scheduler_problem)}};
    fmt::print("{}\n", json_line(json));
    return 0;
  }
  print_table(sweeps, db, seen, options, context);
  print_notes(sweeps, db, seen, options, context);
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand("status", "Show how far each sweep has run, and what the workers do");
  command->add_option("sweep", options->asked, "only this sweep: its name, or its file, whose section launcher says how to ask the scheduler")->type_name("SWEEP|FILE");
  command->add_flag("--all", options->all, "also workers that have left or were lost");
  add_format_options(*command, context);
  command->callback([options, &context] { context.action = [options, &context] { return print_status(*options, context); }; });
}

}  // namespace latentgrid::cli
