#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "report/public_split.hpp"

namespace latentgrid::cli {

namespace {

struct LsOptions {
  std::string sweep;
  std::vector<std::string> columns, conditions;
  std::string sort;
  bool descending = false;
  std::int64_t limit = -1;  // -1: not given
  std::int64_t offset = 0;
};

constexpr std::int64_t usual_limit = 50;  // of what a person reads; files and programs get every row

std::vector<std::string> usual_columns(bool split) {
  std::vector<std::string> columns = {
      "job", "architecture", "latent_dim", "epochs",   "reduction",       "reduced_dim",
      "k",   "seed",         "recon_mse",  "accuracy", "accuracy_public", "accuracy_private",
      "ari", "nmi",          "state",      "wall_s"};
  if (!split) std::erase_if(columns, needs_split);
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

ResultsQuery query_of(const LsOptions& options, Format format, bool split) {
  ResultsQuery query{.sweep = options.sweep,
                     .columns = options.columns,
                     .sort = options.sort,
                     .descending = options.descending,
                     .offset = options.offset};
  for (const std::string& condition : options.conditions) {
    std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("--where {}: write NAME=VALUE, for example --where state=failed", condition));
    }
    query.conditions.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
  }
  if (query.columns.empty() && format == Format::table) query.columns = usual_columns(split);
  if (options.limit >= 0) {
    query.limit = options.limit;
  } else if (format == Format::table) {
    query.limit = usual_limit;
  }
  return query;
}

int list_jobs(const ResultsDb& db, const LsOptions& options, const Context& context) {
  require_sweep(db, options.sweep);
  Snapshot snapshot(db);
  const bool split = says_split(latest_revision(db, options.sweep).value().dataset);
  ResultsQuery query = query_of(options, context.format, split);
  std::unique_ptr<RowPrinter> printer = make_printer(context.format);
  std::int64_t total = select_results(db, query, *printer);
  printer->finish();
  std::int64_t shown = std::min(query.limit.value_or(total), std::max<std::int64_t>(0, total - query.offset));
  if (shown < total) {
    std::string next =
        query.offset + shown < total && shown > 0 ? fmt::format("; the next: --offset {}", query.offset + shown) : "";
    fmt::print(stderr, "{} of {} jobs shown; --limit N shows more{}\n", shown, total, next);
  }
  return 0;
}

}  // namespace

void add_ls(CLI::App& app, Context& context) {
  auto options = std::make_shared<LsOptions>();
  CLI::App* command = app.add_subcommand("ls", "the sweeps, or the jobs of one");
  command->add_option("sweep", options->sweep, "list its jobs")->type_name("SWEEP");
  command
      ->add_option("-w,--where", options->conditions,
                   "only jobs where a column or axis has this value; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command->add_option("--columns", options->columns, "columns of the view results")
      ->delimiter(',')
      ->type_name("A,B,...");
  command->add_option("--sort", options->sort, "by this column; without it in the order of the sweep's file")
      ->type_name("COLUMN");
  command->add_flag("-r,--descending", options->descending, "the largest first");
  command->add_option("--limit", options->limit, "at most so many rows (a table: 50 unless told otherwise)")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  command->add_option("--offset", options->offset, "leave out the first N")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  add_format_options(*command, context);
  command->callback([options, &context] {
    context.action = [options, &context] {
      ResultsDb db = open_results(context);
      return options->sweep.empty() ? list_all_sweeps(db, context) : list_jobs(db, *options, context);
    };
  });
}

}  // namespace latentgrid::cli
