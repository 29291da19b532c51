#include <fmt/format.h>

#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "db/revisions.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

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

int print_status(const Context& context) {
  ResultsDb db = open_results(context);
  const ArtifactStore store = results_store(context);
  std::optional<std::string> holder = lock_holder(store.lock_file());
  std::vector<SweepSummary> sweeps = list_sweeps(db);
  if (context.format == Format::json) {
    Json list = Json::array();
    for (const SweepSummary& sweep : sweeps) list.push_back(to_json(sweep, jobs_of_earlier_revisions(db, sweep.name)));
    fmt::print(
        "{}\n",
        Json{{"results", context.results.string()}, {"held_by", holder ? Json(*holder) : Json()}, {"sweeps", list}}
            .dump());
    return 0;
  }
  std::vector<std::vector<Cell>> rows;
  for (const SweepSummary& sweep : sweeps) {
    const StateCounts& jobs = sweep.jobs;
    rows.push_back({sweep.name, jobs.total(), jobs.complete, jobs.failed, jobs.skipped, jobs.pending,
                    sweep.last_activity});
  }
  print_rows(context.format, {"sweep", "jobs", "complete", "failed", "skipped", "pending", "last activity"},
             rows);
  flush_stdout();
  for (const SweepSummary& sweep : sweeps) {
    const std::int64_t hidden = jobs_of_earlier_revisions(db, sweep.name);
    if (hidden == 0) continue;
    fmt::print(stderr, "{}: {} of earlier revisions {} not in revision {}; `latentgrid ls {} --revisions` lists them\n",
               sweep.name, counted(hidden, "job"), hidden == 1 ? "is" : "are", sweep.number, sweep.name);
  }
  fmt::print(stderr, "{}\n",
             holder ? fmt::format("a run works in {}: {}", context.results.string(), *holder)
                    : fmt::format("no run works in {}", context.results.string()));
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("status", "Show how far each sweep has run");
  add_format_options(*command, context);
  command->callback([&context] { context.action = [&context] { return print_status(context); }; });
}

}  // namespace latentgrid::cli
