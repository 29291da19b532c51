#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/job_comparison_text.hpp"
#include "cli/sweep_comparison_text.hpp"
#include "cli/find_job.hpp"
#include "cli/open_results.hpp"
#include "cli/option_checks.hpp"
#include "compare/job_comparison.hpp"
#include "compare/sweep_comparison.hpp"

namespace latentgrid::cli {

namespace {

constexpr std::int64_t default_limit = 50;  // settings of what a person reads; programs get every one

struct CompareOptions {
  std::string first, second, score;
  std::int64_t limit = -1;  // -1: not given
};

bool is_sweep(const std::vector<std::string>& sweeps, const std::string& name) {
  return std::find(sweeps.begin(), sweeps.end(), name) != sweeps.end();
}

// What a word that is no sweep stands for; if it is no job either, both are said.
std::string find_compared_job(const ResultsDb& db, const std::vector<std::string>& sweeps, const std::string& word) {
  if (!jobs_with_prefix(db, word, 1).empty()) return find_job(db, word);
  const std::string close = closest_match(word, sweeps);
  throw UsageError(
      fmt::format("'{}' is neither a sweep nor the beginning of a job's id{} `latentgrid ls` lists the sweeps, "
                  "`latentgrid ls SWEEP` their jobs",
                  word, close.empty() ? ";" : fmt::format(", did you mean the sweep '{}'?", close)));
}

int compare(const CompareOptions& options, const Context& context) {
  ResultsDb db = open_results(context);
  Snapshot snapshot(db);
  const ArtifactStore store = results_store(context);
  const std::vector<std::string> sweeps = sweep_names(db);
  const bool first = is_sweep(sweeps, options.first), second = is_sweep(sweeps, options.second);
  if (first && second) {
    const SweepComparison comparison = compare_sweeps(db, store, options.first, options.second, options.score);
    const bool all = context.format != Format::table && options.limit < 0;
    print(comparison, context.format, all ? -1 : options.limit < 0 ? default_limit : options.limit);
    return 0;
  }
  for (const auto& [sweep, other, is_one] :
       {std::tuple(options.first, options.second, first), std::tuple(options.second, options.first, second)}) {
    if (!is_one || !jobs_with_prefix(db, sweep, 1).empty()) continue;
    find_compared_job(db, sweeps, other);
    throw UsageError(fmt::format("'{0}' is a sweep and '{1}' a job: compare takes two jobs or two sweeps\n  hint: `latentgrid ls {0}` lists its jobs", sweep, other));
  }
  if (!options.score.empty() || options.limit >= 0) {
    throw UsageError("--score and --limit are for two sweeps: of two jobs every score is shown");
  }
  print(compare_jobs(db, store, find_compared_job(db, sweeps, options.first),
                     find_compared_job(db, sweeps, options.second)),
        context.format);
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "Compare two jobs or two sweeps: what differs, by how much, and whether it may be chance");
  command->add_option("A", options->first, "a job (its id, or the beginning of it) or a sweep")->required()->type_name("JOB|SWEEP");
  command->add_option("B", options->second, "the other one")->required()->type_name("JOB|SWEEP");
  command
      ->add_option("--score", options->score, "the score by which sweeps are compared; the default is accuracy where there are labels")
      ->type_name("SCORE");
  command->add_option("--limit", options->limit, "show at most N settings (the default for a table is 50)")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  add_format_options(*command, context, {Format::table, Format::json, Format::md});
  command->callback(
      [options, &context] { context.action = [options, &context] { return compare(*options, context); }; });
}

}  // namespace latentgrid::cli
