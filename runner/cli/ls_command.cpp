#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/job_columns.hpp"
#include "cli/open_results.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "columns/fields.hpp"
#include "db/job_columns.hpp"
#include "db/list_jobs.hpp"
#include "db/revisions.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid::cli {

namespace {

struct LsOptions {
  std::string sweep;
  std::vector<std::string> columns, conditions;
  std::string sort;
  std::optional<std::int64_t> revision;
  bool revisions = false;
  bool descending = false;
  std::int64_t limit = -1;  // -1: not given
  std::int64_t offset = 0;
};

constexpr std::int64_t usual_limit = 50;                // of what a person reads; files and programs get every row

std::vector<std::string> usual_columns(bool split) {
  std::vector<std::string> columns = default_job_fields();
  for (const Metric& metric : all_metrics) {
    if (metric.is_default && (split || !metric.needs_split)) columns.emplace_back(metric.name);
  }
  columns.insert(columns.end(), {"state", "wall_s"});
  return columns;
}

int list_all_sweeps(const ResultsDb& db, const Context& context) {
  std::vector<std::vector<Cell>> rows;
  for (const SweepSummary& sweep : list_sweeps(db)) {
    rows.push_back({sweep.name, sweep.jobs.total(), sweep.jobs.complete, sweep.number, sweep.created_at, sweep.file});
  }
  print_rows(context.format, {"sweep", "jobs", "complete", "revision", "created_at", "file"}, rows);
  return 0;
}

int list_all_revisions(const ResultsDb& db, const std::string& sweep, const Context& context) {
  require_sweep(db, sweep);
  std::vector<std::vector<Cell>> rows;
  for (const RevisionSummary& revision : list_revisions(db, sweep)) {
    rows.push_back({revision.number, revision.created_at, revision.jobs, revision.complete, revision.not_in_latest,
                    revision.file});
  }
  print_rows(context.format, {"revision", "created_at", "jobs", "complete", "not in the latest", "file"}, rows);
  return 0;
}

// For a person: words where the database has numbers for them, such as "auto" and "true".
class WithWords : public RowSink {
 public:
  explicit WithWords(RowSink& to) : to_(to) {}

  void begin(const std::vector<std::string>& columns) override {
    columns_ = columns;
    to_.begin(columns);
  }
  void row(const std::vector<Cell>& cells) override {
    std::vector<Cell> shown = cells;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::optional<double> number = number_of(shown[i]);
      const std::string_view word = number ? value_word(columns_[i], *number) : "";
      if (!word.empty()) shown[i] = std::string(word);
    }
    to_.row(shown);
  }

 private:
  RowSink& to_;
  std::vector<std::string> columns_;
};

ResultsQuery query_of(const LsOptions& options, Format format) {
  ResultsQuery query{.sweep = options.sweep,
                     .revision = options.revision,
                     .columns = options.columns,
                     .sort = options.sort,
                     .descending = options.descending,
                     .offset = options.offset};
  for (const std::string& condition : options.conditions) query.conditions.push_back(parse_condition(condition));
  if (options.limit >= 0) {
    query.limit = options.limit;
  } else if (format == Format::table) {
    query.limit = usual_limit;
  }
  return query;
}

// A revision hides the jobs that only earlier ones have.
void say_what_is_hidden(const ResultsDb& db, const LsOptions& options, const SweepRevision& revision) {
  if (options.revision) return;
  const std::int64_t hidden = jobs_of_earlier_revisions(db, options.sweep);
  if (hidden == 0) return;
  fmt::print(stderr, "{} of earlier revisions {} not in revision {}; `latentgrid ls {} --revisions` lists them\n",
             counted(hidden, "job"), hidden == 1 ? "is" : "are", revision.number, options.sweep);
}

void say_what_no_job_meets(const ResultsDb& db, const ResultsQuery& query, const SweepRevision& revision) {
  const JobColumns known(db, revision.id);
  bool said = false;
  for (Condition condition : query.conditions) {
    condition.column = known.resolve(condition.column);
    const auto missing = known.values(condition.column).missing(condition);
    if (!missing) continue;
    said = true;
    fmt::print(stderr, "no job of the sweep '{}' {}; {}\n", query.sweep, missing->predicate, missing->known);
  }
  if (said) return;
  fmt::print(stderr, "no job of the sweep '{}' meets all of these conditions, though each of them is met by some jobs\n", query.sweep);
}

int list_jobs(const ResultsDb& db, const LsOptions& options, const Context& context) {
  Snapshot snapshot(db);
  const SweepRevision revision = require_revision(db, options.sweep, options.revision);
  ResultsQuery query = query_of(options, context.format);
  if (query.columns.empty() && context.format == Format::table) query.columns = with_varied(db, revision, usual_columns(revision.has_split));
  std::unique_ptr<RowPrinter> printer = make_printer(context.format);
  WithWords with_words(*printer);
  const bool for_people = context.format == Format::table || context.format == Format::md;
  std::int64_t total = select_results(db, query, for_people ? static_cast<RowSink&>(with_words) : *printer);
  printer->finish();
  std::int64_t shown = std::min(query.limit.value_or(total), std::max<std::int64_t>(0, total - query.offset));
  if (shown < total) {
    std::string next =
        query.offset + shown < total && shown > 0 ? fmt::format(", and --offset {} shows the next ones", query.offset + shown) : "";
    fmt::print(stderr, "{} of {} jobs shown; --limit N shows more{}\n", shown, total, next);
  }
  if (total == 0 && !query.conditions.empty()) say_what_no_job_meets(db, query, revision);
  if (context.format == Format::table) say_what_is_hidden(db, options, revision);
  return 0;
}

}  // namespace

void add_ls(CLI::App& app, Context& context) {
  auto options = std::make_shared<LsOptions>();
  CLI::App* command = app.add_subcommand("ls", "List the sweeps, or the jobs of one sweep");
  command->add_option("sweep", options->sweep, "list the jobs of this sweep")->type_name("SWEEP");
  command
      ->add_option("-w,--where", options->conditions,
                   fmt::format("list only jobs that meet this condition: NAME=VALUE, NAME=A,B (one of them), also with !=, <, <=, > and >=; "
                               "NAME is a column or a parameter such as {}; may be repeated",
                               example_parameter))
      ->type_name("CONDITION")
      ->expected(1)
      ->take_all();
  command->add_option("--columns", options->columns, fmt::format("show these columns: those of the view results, and parameters such as {}", example_parameter))
      ->delimiter(',')
      ->type_name("COLUMN,...");
  add_revision_option(*command, options->revision);
  command->add_flag("--revisions", options->revisions, "list the sweep's revisions instead of jobs");
  command->add_option("--sort", options->sort, "sort by this column or parameter; the default is the order of the sweep's file")
      ->type_name("COLUMN");
  command->add_flag("-r,--descending", options->descending, "sort from the largest to the smallest");
  command->add_option("--limit", options->limit, "show at most N rows (the default for a table is 50)")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  command->add_option("--offset", options->offset, "skip the first N rows")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  add_format_options(*command, context);
  command->callback([options, &context] {
    context.action = [options, &context] {
      ResultsDb db = open_results(context);
      if (options->sweep.empty() && (options->revisions || options->revision)) {
        throw UsageError("--revision and --revisions need the name of a sweep: latentgrid ls SWEEP --revisions");
      }
      if (options->revisions) return list_all_revisions(db, options->sweep, context);
      return options->sweep.empty() ? list_all_sweeps(db, context) : list_jobs(db, *options, context);
    };
  });
}

}  // namespace latentgrid::cli
