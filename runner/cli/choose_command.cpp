#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/cores.hpp"
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "cli/choice_text.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/document.hpp"
#include "cli/job_columns.hpp"
#include "cli/open_results.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "db/list_jobs.hpp"
#include "measures/choice.hpp"
#include "measures/job_measures.hpp"
#include "methods/methods.hpp"
#include "report/choice_sentences.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

struct ChooseOptions {
  std::string sweep, space, by, score;
  std::vector<std::string> conditions;
  std::optional<std::int64_t> revision;
  std::int64_t limit = -1;  // -1: not given
};

constexpr std::int64_t default_rows = 50;  // of what a person reads; files and programs get every row

// How far the work is, on a terminal.
class WorkShown {
 public:
  WorkShown() = default;
  ~WorkShown() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  WorkShown(const WorkShown&) = delete;
  WorkShown& operator=(const WorkShown&) = delete;

  void show(std::string_view what, double share) {
    const double now = system_clock().monotonic_seconds();
    if (what != what_) {
      what_ = what;
      began_ = now;
    }
    if (!redraws_ || now < next_ || now - began_ < 0.5 || share <= 0) return;
    next_ = now + 0.2;
    shown_ = true;
    fmt::print(stderr, "\r\033[K{}: {:.0f} %, {:.0f} s left", what, 100 * share, (now - began_) * (1 - share) / share);
  }

 private:
  bool redraws_ = stderr_redraws_lines();
  std::string what_;
  double began_ = 0, next_ = 0;
  bool shown_ = false;
};

class CollectedRows : public RowSink {
 public:
  void begin(const std::vector<std::string>& names) override { columns = names; }
  void row(const std::vector<Cell>& cells) override { rows.push_back(cells); }

  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

const Measure* measure_to_sort_by(const ChooseOptions& options) {
  if (options.by.empty()) return nullptr;
  const Measure* measure = find_measure(options.by);
  if (!measure) {
    const std::string close = closest_match(options.by, names_of_measures());
    throw UsageError(
        fmt::format("--by takes {}, and '{}' is none of them{}", fmt::join(names_of_measures(), ", "), options.by,
                    options.by == "silhouette" ? "\n  hint: silhouettes of different embeddings are not comparable; "
                                                 "silhouette_in is taken in the one that --space names"
                    : close.empty()            ? ""
                                               : fmt::format("\n  hint: did you mean '{}'?", close)));
  }
  if (measure->needs_space && options.space.empty()) {
    throw UsageError(
        fmt::format("{} needs a space\n  hint: add --space and the name of an encoder that is not trained, or the id "
                    "of a job, whose points are then the space",
                    measure->name));
  }
  return measure;
}

const Metric& score_to_judge_by(const ChooseOptions& options, const SweepRevision& revision) {
  const std::string name = options.score.empty() ? "accuracy" : options.score;
  std::vector<std::string> names = metric_names(&Metric::needs_labels);
  if (!revision.has_split) std::erase_if(names, needs_split);
  if (std::find(names.begin(), names.end(), name) != names.end()) return *find_metric(name);
  throw UsageError(fmt::format("--score takes {}, and '{}' is none of them", fmt::join(names, ", "), name));
}

// What is asked for, and what is found of it.
struct Choosing {
  SweepRevision revision;
  std::vector<ResultRow> rows;
  std::vector<const ResultRow*> jobs;  // that take part: complete ones that meet the conditions
  std::size_t incomplete = 0;
  std::optional<CommonSpace> space;
  JobMeasures measures;
  std::optional<LabelledChoice> choice;
};

std::vector<const ResultRow*> pointers_to(const std::vector<ResultRow>& rows) {
  std::vector<const ResultRow*> all;
  for (const ResultRow& row : rows) all.push_back(&row);
  return all;
}

std::vector<Condition> conditions_of(const ChooseOptions& options) {
  std::vector<Condition> conditions;
  for (const std::string& text : options.conditions) conditions.push_back(parse_condition(text));
  return conditions;
}

std::vector<const Measure*> shown_measures(const Choosing& found) {
  std::vector<const Measure*> shown;
  for (const Measure& measure : all_measures) {
    if (found.space || !measure.needs_space) shown.push_back(&measure);
  }
  return shown;
}

Choosing choose_among(const ResultsDb& db, const ChooseOptions& options, const Context& context) {
  Choosing found{.revision = require_revision(db, options.sweep, options.revision)};
  const Metric& score = score_to_judge_by(options, found.revision);
  found.rows = load_results(db, found.revision.id);
  for (std::size_t place : jobs_that_meet(db, found.revision.id, conditions_of(options))) {
    const ResultRow& row = found.rows.at(place);
    if (row.state == "complete") {
      found.jobs.push_back(&row);
    } else {
      ++found.incomplete;
    }
  }
  if (found.jobs.empty()) {
    throw UsageError(fmt::format("no job of the sweep '{}' {}is complete\n  hint: `latentgrid run {}` runs it",
                                 options.sweep, options.conditions.empty() ? "" : "that meets the conditions ",
                                 found.revision.file));
  }
  if (!options.space.empty()) found.space = find_common_space(db, pointers_to(found.rows), options.space);
  {
    WorkShown shown;
    const auto show = [&](std::string_view what, double share) { shown.show(what, share); };
    found.measures = measure_jobs(db, results_store(context), found.revision.id, found.jobs,
                                  {.space = found.space, .threads = usable_cores(), .progress = show});
  }
  found.choice = judge_measures(found.jobs, found.measures, score, shown_measures(found));
  return found;
}

// A row for each job, with its measures.
CollectedRows table_of(const ResultsDb& db, const ChooseOptions& options, const Choosing& found) {
  std::vector<std::string> columns = with_varied(db, found.revision, default_job_fields());
  if (found.choice) columns.emplace_back(found.choice->score->name);
  CollectedRows table, all;
  select_results(db,
                 {.sweep = options.sweep,
                  .revision = options.revision,
                  .columns = columns,
                  .conditions = conditions_of(options),
                  .sort = ""},
                 all);
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t job = 0; job < found.jobs.size(); ++job) places.emplace(found.jobs[job]->job, job);
  table.columns = all.columns;
  for (const Measure* measure : shown_measures(found)) table.columns.emplace_back(measure->name);
  for (std::vector<Cell>& row : all.rows) {
    const auto place = places.find(text_of(row.front()));
    if (place == places.end()) continue;
    for (const Measure* measure : shown_measures(found))
      row.push_back(cell_of(found.measures.of_job[place->second][place_of(*measure)]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void sort_by(const Measure& measure, CollectedRows& table) {
  const auto place = std::find(table.columns.begin(), table.columns.end(), measure.name) - table.columns.begin();
  std::stable_sort(table.rows.begin(), table.rows.end(), [&](const auto& a, const auto& b) {
    const std::optional<double> first = number_of(a[place]), second = number_of(b[place]);
    return first && (!second || *first > *second);
  });
}

// A reader needs no column that is the same in all rows.
void leave_out_what_is_the_same(CollectedRows& table) {
  for (std::size_t column = table.columns.size(); column-- > 1;) {
    if (find_measure(table.columns[column]) || table.rows.size() < 2) continue;
    const bool same = std::all_of(table.rows.begin(), table.rows.end(),
                                  [&](const auto& row) { return row[column] == table.rows.front()[column]; });
    if (!same) continue;
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(column));
    for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
  }
}

Json to_json(const ChooseOptions& options, const Choosing& found, const CollectedRows& table) {
  Json jobs = Json::array();
  for (const std::vector<Cell>& row : table.rows) {
    Json job = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) job[table.columns[i]] = json_value(row[i]);
    jobs.push_back(std::move(job));
  }
  return {{"sweep", options.sweep},
          {"revision", found.revision.number},
          {"images", found.measures.images},
          {"space", found.space ? Json{{"name", found.space->name},
                                       {"title", found.space->title},
                                       {"images", found.measures.scored_images}}
                                : Json()},
          {"clusterings", found.measures.clusterings},
          {"compared", found.measures.compared},
          {"jobs", jobs},
          {"incomplete", found.incomplete},
          {"choice", found.choice ? json_of(found.jobs, *found.choice) : Json()}};
}

void print_for_people(const Choosing& found, CollectedRows& table, std::int64_t limit, Format format) {
  leave_out_what_is_the_same(table);
  const auto all = static_cast<std::int64_t>(table.rows.size());
  if (limit >= 0 && limit < all) table.rows.resize(static_cast<std::size_t>(limit));
  Document out(format);
  if (!table.rows.empty()) out.table(table.columns, table.rows);
  if (limit >= 0 && limit < all)
    out.sentence(fmt::format("{} of {} are shown; --limit N shows more.", limit, counted(all, "job")));
  for (const std::string& sentence : measure_sentences(found.measures, found.space, shown_measures(found)))
    out.sentence(sentence);
  if (found.incomplete > 0) {
    out.sentence(fmt::format("{} not complete and {} left out.",
                             found.incomplete == 1 ? "1 job is" : fmt::format("{} jobs are", found.incomplete),
                             found.incomplete == 1 ? "is" : "are"));
  }
  out.heading("Would they have chosen well?");
  for (const std::string& sentence : choice_sentences(found.jobs, found.choice)) out.sentence(sentence);
}

int choose(const ChooseOptions& options, const Context& context) {
  const Measure* by = measure_to_sort_by(options);
  const ResultsDb db = open_results(context);
  const Snapshot snapshot(db);
  const Choosing found = choose_among(db, options, context);
  CollectedRows table = table_of(db, options, found);
  if (by) sort_by(*by, table);
  if (!found.measures.omission.empty()) fmt::print(stderr, "note: {}\n", in_one_line(found.measures.omission));
  const bool for_people = context.format == Format::table || context.format == Format::md;
  const std::int64_t limit = options.limit >= 0 ? options.limit : context.format == Format::table ? default_rows : -1;
  if (for_people) {
    print_for_people(found, table, limit, context.format);
    return 0;
  }
  if (limit >= 0 && limit < static_cast<std::int64_t>(table.rows.size()))
    table.rows.resize(static_cast<std::size_t>(limit));
  if (context.format == Format::json) {
    fmt::print("{}", json_line(to_json(options, found, table)));
  } else {
    print_rows(context.format, table.columns, table.rows);
  }
  return 0;
}

}  // namespace

void add_choose(CLI::App& app, Context& context) {
  auto options = std::make_shared<ChooseOptions>();
  CLI::App* command = app.add_subcommand("choose",
                                         "Which job, without labels: how far clusterings agree with each other, and, "
                                         "where there are labels, how well that would have chosen");
  command->add_option("sweep", options->sweep, "the sweep whose jobs are measured")->required()->type_name("SWEEP");
  command
      ->add_option("--space", options->space,
                   fmt::format("also silhouette and Calinski-Harabasz in one space for all jobs: {}, or the points of "
                               "the job with this id",
                               fmt::join(untrained_encoder_names(), " or ")))
      ->type_name("SPACE")
      ->check(not_empty());
  command
      ->add_option(
          "--by", options->by,
          fmt::format("sort by this measure, the largest first: {}; the default is the order of the sweep's file",
                      fmt::join(names_of_measures(), ", ")))
      ->type_name("MEASURE");
  command
      ->add_option("--score", options->score,
                   "the score against labels by which the measures are judged; the default is accuracy")
      ->type_name("SCORE");
  command
      ->add_option("-w,--where", options->conditions,
                   "only jobs that meet this condition take part; as of ls, and may be repeated")
      ->type_name("CONDITION")
      ->expected(1)
      ->take_all();
  add_revision_option(*command, options->revision);
  command->add_option("--limit", options->limit, "show at most N jobs (the default for a table is 50)")
      ->check(integer_of_at_least(0))
      ->type_name("N");
  add_format_options(*command, context);
  command->callback(
      [options, &context] { context.action = [options, &context] { return choose(*options, context); }; });
}

}  // namespace latentgrid::cli
