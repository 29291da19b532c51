#include "db/details.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_map>

#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/queries.hpp"
#include "db/row_fields.hpp"
#include "db/views.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// The columns of ResultRow.
const std::string& result_row_columns() {
  static const std::string columns = [] {
    std::vector<std::string> all;
    for (const RowField& field : row_fields()) all.push_back(fmt::format("r.{}", field.name));
    for (const Metric& metric : all_metrics) all.push_back(fmt::format("r.{}", metric.name));
    return fmt::format("{}", fmt::join(all, ", "));
  }();
  return columns;
}

ResultRow result_row(Statement& found) {
  ResultRow row;
  int column = 0;
  for (const RowField& field : row_fields()) {
    const SQLite::Column value = found.getColumn(column++);
    if (const auto* text = std::get_if<std::string ResultRow::*>(&field.member)) {
      row.**text = value.getString();
    } else {
      row.*std::get<std::int64_t ResultRow::*>(field.member) = value.getInt64();
    }
  }
  for (const Metric& metric : all_metrics) row[metric] = db::real(found.getColumn(column++));
  return row;
}

// Fills in ResultRow::steps. Keeps what it parsed: most jobs of a sweep share their parameters with others.
class StepReader {
 public:
  void read(ResultRow& row) {
    const auto [known, is_new] = known_.try_emplace(row.params);
    if (is_new) known->second = reduction_steps(Json::parse(row.params, nullptr, false));
    row.steps = known->second;
  }

 private:
  std::unordered_map<std::string, std::vector<NamedStep>> known_;
};

std::vector<PathStep> job_path(SQLite::Database& database, const std::string& job) {
  Statement steps(database,
                  "SELECT p.stage, p.step, t.key, t.extent, a.recorded_at, a.record, p.task FROM job_tasks p "
                  "JOIN tasks t ON t.id = p.task LEFT JOIN artifacts a ON a.task = p.task WHERE p.job = ? "
                  "ORDER BY p.position");
  Statement metrics(database, "SELECT name, value FROM artifact_metrics WHERE task = ? ORDER BY name");
  Statement losses(database, "SELECT loss FROM train_losses WHERE task = ? ORDER BY epoch");
  steps.bind(1, job);
  std::vector<PathStep> path;
  while (steps.executeStep()) {
    PathStep step;
    step.stage = steps.getColumn(0).getString();
    step.step = steps.getColumn(1).getInt64();
    step.artifact = {steps.getColumn(2).getString(), steps.getColumn(3).getInt64()};
    step.recorded = !steps.getColumn(4).isNull();
    if (step.recorded) {
      step.recorded_at = steps.getColumn(4).getString();
      step.record = Json::parse(steps.getColumn(5).getString());
      for (Statement* statement : {&metrics, &losses}) {
        statement->reset();
        statement->bind(1, steps.getColumn(6).getInt64());
      }
      while (metrics.executeStep()) {
        step.metrics.emplace_back(metrics.getColumn(0).getString(), db::cell(metrics.getColumn(1)));
      }
      while (losses.executeStep()) step.losses.push_back(db::real(losses.getColumn(0)));
    }
    path.push_back(std::move(step));
  }
  return path;
}

std::vector<FailureRow> job_failures(SQLite::Database& database, const std::string& job) {
  // A family fails as one: its key alone tells.
  Statement rows(database,
                 "SELECT f.stage, f.key, f.kind, f.message, f.at, f.attempt FROM job_tasks p "
                 "JOIN tasks t ON t.id = p.task JOIN failures f ON f.key = t.key WHERE p.job = ? GROUP BY f.id "
                 "ORDER BY f.at, f.id");
  rows.bind(1, job);
  std::vector<FailureRow> failures;
  while (rows.executeStep()) {
    failures.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString(), rows.getColumn(2).getString(),
                        rows.getColumn(3).getString(), rows.getColumn(4).getString(), rows.getColumn(5).getInt()});
  }
  return failures;
}

bool has_split(SQLite::Database& database, const std::string& job) {
  Statement row(database,
                fmt::format("SELECT {0}, r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = r.sweep) AS latest "
                            "FROM sweep_jobs o JOIN sweep_revisions r ON r.id = o.revision WHERE o.job = ? "
                            "ORDER BY latest DESC, latest AND {0} DESC, r.id DESC LIMIT 1",
                            db::has_split));
  row.bind(1, job);
  return !row.executeStep() || row.getColumn(0).getInt() != 0;
}

}  // namespace

std::vector<ResultRow> load_results(const ResultsDb& db, const std::string& sweep) {
  const std::optional<SweepRevision> revision = latest_revision(db, sweep);
  return revision ? load_results(db, revision->id) : std::vector<ResultRow>();
}

std::vector<ResultRow> load_results(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    std::vector<ResultRow> rows;
    Statement found(
        db.impl().database,
        fmt::format("SELECT {} FROM sweep_jobs o CROSS JOIN job_results r ON r.job = o.job WHERE o.revision = ? "
                    "ORDER BY o.position",
                    result_row_columns()));
    found.bind(1, revision);
    StepReader steps;
    while (found.executeStep()) steps.read(rows.emplace_back(result_row(found)));
    return rows;
  });
}

std::optional<ResultRow> job_result(const ResultsDb& db, const std::string& job) {
  return db::guarded("read", db.impl().file, [&]() -> std::optional<ResultRow> {
    Statement found(db.impl().database, fmt::format("SELECT {} FROM job_results r WHERE r.job = ?", result_row_columns()));
    found.bind(1, job);
    if (!found.executeStep()) return std::nullopt;
    ResultRow row = result_row(found);
    StepReader().read(row);
    return row;
  });
}

std::optional<JobDetail> job_detail(const ResultsDb& db, const std::string& job) {
  return db::guarded("read", db.impl().file, [&]() -> std::optional<JobDetail> {
    SQLite::Database& database = db.impl().database;
    JobDetail detail;
    Statement found(database,
                    fmt::format("SELECT {}, j.key, j.changed_at FROM job_results r JOIN jobs j ON j.id = r.job "
                                "WHERE r.job = ?",
                                result_row_columns()));
    found.bind(1, job);
    if (!found.executeStep()) return std::nullopt;
    detail.row = result_row(found);
    StepReader().read(detail.row);
    detail.key = found.getColumn("key").getString();
    detail.changed_at = found.getColumn("changed_at").getString();
    Statement sweeps(database, "SELECT sweep FROM results WHERE job = ? ORDER BY sweep");
    sweeps.bind(1, job);
    while (sweeps.executeStep()) detail.sweeps.push_back(sweeps.getColumn(0).getString());
    detail.has_split = has_split(database, job);
    detail.axes = job_axes(db, job);
    detail.path = job_path(database, job);
    detail.failures = job_failures(database, job);
    detail.submissions = submissions(db, job);
    return detail;
  });
}

}  // namespace latentgrid
