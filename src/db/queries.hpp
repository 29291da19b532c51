#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "columns/cell.hpp"
#include "columns/condition.hpp"
#include "columns/metrics.hpp"
#include "columns/parameters.hpp"
#include "db/results_db.hpp"

// What `status`, `ls`, `show`, `query` and the report ask of the database. All of it reads; a ResultsDb opened for
// reading is enough. Not thread-safe.
namespace latentgrid {

// Takes the rows of a query one by one, so that a large result needs no memory.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void begin(const std::vector<std::string>& columns) = 0;
  virtual void row(const std::vector<Cell>& cells) = 0;
};

// While it lives, every query sees the database as it was when it began. One at a time for a connection.
class Snapshot {
 public:
  explicit Snapshot(const ResultsDb& db);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  const ResultsDb& db_;
};

struct StateCounts {
  std::int64_t pending = 0, complete = 0, failed = 0, skipped = 0;
  std::int64_t total() const { return pending + complete + failed + skipped; }
};

// A sweep's latest revision.
struct SweepSummary {
  std::string name, file;
  std::int64_t revision = 0;  // sweep_revisions.id
  std::int64_t number = 0;    // 1, 2, ... within the sweep
  std::string created_at;     // of the revision
  std::string last_activity;  // the latest change of a job's state, or created_at
  StateCounts jobs;
};

std::vector<SweepSummary> list_sweeps(const ResultsDb& db);  // by name
std::vector<std::string> sweep_names(const ResultsDb& db);   // sorted

struct SweepRevision {
  std::int64_t id = 0, number = 0;
  std::string file, text, created_at;
  Json options, report, dataset, provenance;
  bool has_split = true;  // db/views.hpp
};

std::optional<SweepRevision> latest_revision(const ResultsDb& db, const std::string& sweep);
// The one of this number, or the latest.
std::optional<SweepRevision> find_revision(const ResultsDb& db, const std::string& sweep,
                                           std::optional<std::int64_t> number);
// The latest revision of any sweep that has this job; nothing for an unknown one.
std::optional<SweepRevision> latest_revision_with(const ResultsDb& db, const std::string& job);

// The columns of the view `results` that are asked for where nobody says which, in order.
const std::vector<std::string>& results_columns();

// Some jobs of a sweep.
struct ResultsQuery {
  std::string sweep;
  std::optional<std::int64_t> revision;  // its number; nothing: the latest
  std::vector<std::string> columns;      // canonical or not, see db/job_columns.hpp; empty: results_columns()
  std::vector<Condition> conditions;
  std::string sort;         // a column; "": the order of the sweep's file
  bool descending = false;  // NULL is last either way
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
};

// Rows go to `sink`; the return value counts all that meet the conditions, beyond the limit too. Throws UsageError for
// a name that is neither a column nor a parameter of any job.
std::int64_t select_results(const ResultsDb& db, const ResultsQuery& query, RowSink& sink);

// One job with what it is and what was measured of it: row["accuracy"], or row[metric] of a Metric.
struct ResultRow {
  std::string job, dataset, architecture, latent, reduction, clustering, params, state, reason;
  std::int64_t latent_dim = 0, epochs = 0, reduced_dim = 0, k = 0, seed = 0;
  std::vector<NamedStep> steps;  // of the reduction; none where it is "none"

  std::optional<double>& operator[](KnownMetric metric) { return measured_[metric.place()]; }
  const std::optional<double>& operator[](KnownMetric metric) const { return measured_[metric.place()]; }

 private:
  std::array<std::optional<double>, all_metrics.size()> measured_;
};

std::vector<ResultRow> load_results(const ResultsDb& db, const std::string& sweep);  // in the order of the sweep's file
std::vector<ResultRow> load_results(const ResultsDb& db, std::int64_t revision);     // SweepRevision::id
std::optional<ResultRow> job_result(const ResultsDb& db, const std::string& job);

// Clusterings of a revision's jobs that found fewer clusters than k.
std::int64_t clusterings_with_empty_clusters(const ResultsDb& db, std::int64_t revision);

using Axes = std::vector<std::pair<std::string, Cell>>;  // by axis name

Axes job_axes(const ResultsDb& db, const std::string& job);
// A parameter as an axis would name it ("learning_rate", "tsne.perplexity"), whether a sweep varied it or not; null if the
// job has none of this name.
Json job_parameter(const ResultsDb& db, const std::string& job, const std::string& axis);

// One axis with its value in every job of a revision.
struct AxisColumn {
  std::string name;
  std::vector<Cell> values;    // different ones: numbers ascending, then text in the order of the file; no NULL
  std::vector<int> value_of;   // by a job's position in the file, an index into `values`; -1: the job has none
};
// Axes of all jobs, as job_axes() gives those of one; by name.
std::vector<AxisColumn> axis_columns(const ResultsDb& db, std::int64_t revision);

// By a job's position in the file: the task that left what its clusters were found in, the last reduction's or the
// encoder's. Equal numbers are one embedding; -1: none on the path.
std::vector<std::int64_t> embedding_tasks(const ResultsDb& db, std::int64_t revision);

// A training of a revision: of a family of train tasks, which differ only in epochs, the longest that is recorded.
struct Training {
  std::string job;           // the first in the file that needs it
  std::size_t position = 0;  // of that job
  std::int64_t epochs = 0;   // recorded; 0: none is yet
  std::int64_t task = 0;     // what training_losses() asks for
};
std::vector<Training> trainings(const ResultsDb& db, std::int64_t revision);  // by position
// Mean training loss of epochs 1, 2, ...; nothing for one that is no finite number.
std::vector<std::optional<double>> training_losses(const ResultsDb& db, std::int64_t task);

// Wall seconds of the recorded tasks behind a revision's complete jobs.
struct StageCost {
  std::string stage;
  double done_s = 0;          // each family once: tasks that differ only in their extent are one execution
  double one_by_one_s = 0;    // summed over the jobs, each with all of its own path
  std::int64_t untimed = 0;   // tasks without a time
};
std::vector<StageCost> stage_costs(const ResultsDb& db, std::int64_t revision);  // in the order of a path

// Ids that begin with `prefix`, sorted, at most `limit`.
std::vector<std::string> jobs_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit);

struct PathStep {
  std::string stage;
  std::int64_t step = 0;
  ArtifactId artifact;
  bool recorded = false;  // everything below is empty otherwise
  std::string recorded_at;
  Json record;                                        // the whole task.json
  std::vector<std::pair<std::string, Cell>> metrics;  // by name
  std::vector<std::optional<double>> losses;          // one an epoch
};

struct JobDetail {
  ResultRow row;
  std::string key, changed_at;
  std::vector<std::string> sweeps;  // whose latest revision has it
  bool has_split = true;            // one of these does; where there are none, the newest revision that has it
  Axes axes;
  std::vector<PathStep> path;
  std::vector<FailureRow> failures;  // of its tasks, the latest last
  std::vector<SubmissionRow> submissions;
};

// One task that a figure of the report needs beside the jobs.
struct FigureTaskRow {
  std::string figure;
  std::int64_t panel = 0;
  std::string role;  // see schema.sql, table pictures
  std::string job;
  std::string stage;
  ArtifactId artifact;
};
// Of a revision: by figure, panel and role. Those whose job waits to be chosen by its score are not there yet.
std::vector<FigureTaskRow> pictures(const ResultsDb& db, std::int64_t revision);

// Of a job: the latest first.
std::vector<SubmissionRow> submissions(const ResultsDb& db, const std::string& job);

std::optional<JobDetail> job_detail(const ResultsDb& db, const std::string& job);

// Everything about every job of a sweep's latest revision, or that of this number, one row a job in the order of its file: the columns of `results`
// but for params; silhouette and reason; every axis that is none of these, by its name ("tsne.perplexity"); every other
// metric of the artifacts on the path as "stage.metric", of a second reduction "reduce2.metric". NULL where a job has none.
// Needs memory for one row. No rows for an unknown sweep.
void export_results(const ResultsDb& db, const std::string& sweep, RowSink& sink,
                    std::optional<std::int64_t> revision = std::nullopt);

// The names that parameter() has a value for in some job, sorted.
std::vector<std::string> recorded_parameters(const ResultsDb& db);

// Runs one SELECT (or WITH, VALUES, EXPLAIN) that somebody typed. Anything that would write, attach another file or
// change a setting is a UsageError, also on a connection that could; so is a mistake in the SQL.
void select(const ResultsDb& db, std::string_view sql, RowSink& sink);

}  // namespace latentgrid
