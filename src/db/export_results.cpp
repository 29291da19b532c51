#include "db/export_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "columns/fields.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/queries.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// Columns of job_results, and `range`, before the axes, between axes and other metrics, and at the end.
std::vector<std::string> what_it_is() {
  std::vector<std::string> names = recorded_fields();
  std::erase(names, "params");
  names.emplace_back("range");
  return names;
}
const std::vector<std::string> how_it_went = {"state", "reason", "wall_s"};

// "encode.recon_mse" is the column recon_mse.
bool is_score(const std::string& stage, std::int64_t step, const std::string& metric) {
  const Metric* known = find_metric(metric);
  return step == 0 && known && known->is_score && known->stage == stage;
}

std::string metric_column(const std::string& stage, std::int64_t step, const std::string& metric) {
  return step == 0 ? fmt::format("{}.{}", stage, metric) : fmt::format("{}{}.{}", stage, step + 1, metric);
}

class ResultsExport {
 public:
  ResultsExport(SQLite::Database& database, const std::string& sweep, const SweepRevision& revision)
      : database_(database), sweep_(sweep), revision_(revision.id) {
    const std::vector<std::string> identity = what_it_is();
    std::vector<std::string> scores = metric_names(&Metric::is_score);
    if (!revision.has_split) std::erase_if(scores, needs_split);
    for (const std::vector<std::string>* part : {&identity, &std::as_const(scores), &how_it_went}) {
      for (const std::string& name : *part) fixed_.push_back(name);
    }
    find_axes();
    find_metrics();
    columns_.push_back("sweep");
    add(identity);
    add(axes_);
    add(scores);
    add(metrics_);
    add(how_it_went);
  }

  void write(RowSink& sink) {
    sink.begin(columns_);
    std::vector<std::string> expressions;
    for (const std::string& name : fixed_) expressions.push_back("r." + name);
    Statement jobs(database_, fmt::format("SELECT {} FROM sweep_jobs o CROSS JOIN job_results r ON r.job = o.job "
                                          "WHERE o.revision = ? ORDER BY o.position",
                                          fmt::join(expressions, ", ")));
    Statement axes(database_, "SELECT axis, value FROM job_params WHERE job = ?");
    Statement metrics(
        database_,
        "SELECT p.stage, p.step, m.name, m.value FROM job_tasks p JOIN artifact_metrics m ON m.task = p.task "
        "WHERE p.job = ?");
    jobs.bind(1, revision_);
    while (jobs.executeStep()) {
      std::vector<Cell> cells(columns_.size());
      cells[0] = sweep_;
      for (std::size_t i = 0; i < fixed_.size(); ++i) {
        cells[place_.at(fixed_[i])] = db::cell(jobs.getColumn(static_cast<int>(i)));
      }
      add_axes(axes, cells);
      add_metrics(metrics, cells);
      sink.row(cells);
    }
  }

 private:
  void add(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      place_[name] = columns_.size();
      columns_.push_back(name);
    }
  }

  void find_axes() {
    Statement rows(database_,
                   "SELECT DISTINCT p.axis FROM sweep_jobs o JOIN job_params p ON p.job = o.job WHERE o.revision = ? "
                   "ORDER BY p.axis");
    rows.bind(1, revision_);
    while (rows.executeStep()) {
      std::string axis = rows.getColumn(0).getString();
      if (std::find(fixed_.begin(), fixed_.end(), axis) == fixed_.end()) axes_.push_back(axis);
    }
  }

  // In the order of the path.
  void find_metrics() {
    Statement rows(database_,
                   "SELECT p.stage, p.step, m.name FROM sweep_jobs o JOIN job_tasks p ON p.job = o.job "
                   "JOIN artifact_metrics m ON m.task = p.task WHERE o.revision = ? "
                   "GROUP BY p.stage, p.step, m.name ORDER BY max(p.position), p.stage, p.step, m.name");
    rows.bind(1, revision_);
    while (rows.executeStep()) {
      const std::string stage = rows.getColumn(0).getString(), name = rows.getColumn(2).getString();
      const std::int64_t step = rows.getColumn(1).getInt64();
      if (!is_score(stage, step, name)) metrics_.push_back(metric_column(stage, step, name));
    }
  }

  void add_axes(Statement& axes, std::vector<Cell>& cells) const {
    axes.reset();
    axes.bind(1, std::get<std::string>(cells[1]));
    while (axes.executeStep()) {
      const std::string axis = axes.getColumn(0).getString();
      if (std::find(axes_.begin(), axes_.end(), axis) != axes_.end())
        cells[place_.at(axis)] = db::cell(axes.getColumn(1));
    }
  }

  void add_metrics(Statement& metrics, std::vector<Cell>& cells) const {
    metrics.reset();
    metrics.bind(1, std::get<std::string>(cells[1]));
    while (metrics.executeStep()) {
      const std::string stage = metrics.getColumn(0).getString(), name = metrics.getColumn(2).getString();
      const std::int64_t step = metrics.getColumn(1).getInt64();
      if (is_score(stage, step, name)) continue;
      cells[place_.at(metric_column(stage, step, name))] = db::cell(metrics.getColumn(3));
    }
  }

  SQLite::Database& database_;
  std::string sweep_;
  std::int64_t revision_;
  std::vector<std::string> fixed_, axes_, metrics_, columns_;
  std::map<std::string, std::size_t> place_;
};

}  // namespace

void export_results(const ResultsDb& db, const std::string& sweep, RowSink& sink, std::optional<std::int64_t> number) {
  db::guarded("read", db.impl().file, [&] {
    if (std::optional<SweepRevision> revision = find_revision(db, sweep, number)) {
      ResultsExport(db.impl().database, sweep, *revision).write(sink);
    }
  });
}

}  // namespace latentgrid
