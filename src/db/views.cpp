#include "db/views.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "columns/fields.hpp"
#include "db/results_columns.hpp"

namespace latentgrid {

namespace db {

namespace {

using SQLite::Statement;

constexpr std::string_view range_of_images =
    "CASE WHEN json_type(j.params, '$.range') IS NULL THEN '[-1, 1]' ELSE '[0, 1]' END";
// Of several submissions the best on public counts.
constexpr std::string_view of_best_submission =
    "(SELECT {} FROM submissions WHERE job = j.id ORDER BY public_score DESC, submitted_at, file LIMIT 1)";

// What a job is, in job_results.
std::string of_job() {
  std::string columns;
  for (const std::string& name : recorded_fields()) {
    const std::string_view none = find_job_field(name)->none;
    const std::string value = fmt::format("j.{}", name == "job" ? "id" : name);
    columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", none.empty() ? value : fmt::format("NULLIF({}, {})", value, none), name);
  }
  return columns;
}

// What a metric is in job_results.
std::string value_of(const Metric& metric) {
  if (metric.name == "wall_s") return "(SELECT sum(a.wall_s) FROM job_tasks p JOIN artifacts a ON a.task = p.task WHERE p.job = j.id)";
  if (metric.name == "leaderboard_public") return fmt::format(fmt::runtime(of_best_submission), "public_score");
  if (metric.name == "leaderboard_private") return fmt::format(fmt::runtime(of_best_submission), "private_score");
  const std::string value = fmt::format("of_{}.value", metric.name);
  return metric.whole ? fmt::format("CAST({} AS INTEGER)", value) : value;
}

// One row a job: what it is and what it gave.
std::string job_results() {
  std::string columns = of_job(), tables = "jobs j";
  auto add = [&](const Metric& metric) { columns += fmt::format(", {} AS {}", value_of(metric), metric.name); };
  const MetricOrder order;
  for (const Metric* metric : order.defaults) add(*metric);
  columns += ", j.state AS state";
  add(*find_metric("wall_s"));
  columns += ", j.reason AS reason";
  for (const Metric* metric : order.others) add(*metric);
  columns += fmt::format(", {} AS range", range_of_images);
  std::set<std::string_view> joined;
  for (const Metric& metric : all_metrics) {
    if (metric.stage.empty()) continue;
    if (joined.insert(metric.stage).second) {
      tables += fmt::format(" LEFT JOIN job_tasks {0}_task ON {0}_task.job = j.id AND {0}_task.stage = '{0}' AND {0}_task.step = 0", metric.stage);
    }
    tables += fmt::format(" LEFT JOIN artifact_metrics of_{0} ON of_{0}.task = {1}_task.task AND of_{0}.name = '{0}'", metric.name, metric.stage);
  }
  return fmt::format("SELECT {} FROM {}", columns, tables);
}

// One row a job of each sweep's latest revision, whatever the grid.
std::string results() {
  std::string columns = "s.name AS sweep";
  for (const std::string& name : results_columns()) {
    if (name == "sweep") continue;
    columns += needs_split(name) ? fmt::format(", CASE WHEN {0} THEN q.{1} END AS {1}", has_split, name)
                                                     : fmt::format(", q.{}", name);
  }
  return fmt::format(
      "SELECT {}, q.range FROM sweeps s JOIN sweep_revisions r ON r.sweep = s.id "
      "AND r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = s.id) "
      "JOIN sweep_jobs sj ON sj.revision = r.id JOIN job_results q ON q.job = sj.job",
      columns);
}

// Where every number came from: one row a recorded artifact, by the name the file system knows it by.
constexpr const char* artifact_list =
    "SELECT t.stage AS stage, t.key AS key, t.extent AS extent, a.recorded_at AS recorded_at, a.method AS method, "
    "a.wall_s AS wall_s, a.cpu_s AS cpu_s, a.peak_rss_kb AS peak_rss_kb, a.host AS host, a.device AS device, "
    "a.threads AS threads, a.seed AS seed, a.build AS build, a.git_commit AS git_commit, a.libraries AS libraries "
    "FROM artifacts a JOIN tasks t ON t.id = a.task";

std::string definition(const View& view) { return fmt::format("CREATE VIEW {} AS {}", view.name, view.query); }

bool are_there(SQLite::Database& database) {
  std::map<std::string, std::string> found;
  Statement rows(database, "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'");
  while (rows.executeStep()) found[rows.getColumn(0).getString()] = rows.getColumn(1).getString();
  return std::all_of(views().begin(), views().end(), [&](const View& view) { return found[view.name] == definition(view); });
}

}  // namespace

const std::vector<View>& views() {
  static const std::vector<View> all = {{"job_results", job_results()}, {"results", results()}, {"artifact_list", artifact_list}};
  return all;
}

void remake_views(SQLite::Database& database) {
  if (are_there(database)) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const View& view : views()) database.exec(fmt::format("DROP VIEW IF EXISTS main.{}", view.name));
  for (const View& view : views()) database.exec(definition(view));
  transaction.commit();
}

void shadow_views(SQLite::Database& database) {
  if (are_there(database)) return;
  for (const View& view : views()) database.exec(fmt::format("CREATE TEMP VIEW {} AS {}", view.name, view.query));
}

}  // namespace db

}  // namespace latentgrid
