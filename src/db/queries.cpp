#include "db/queries.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

constexpr const char* latest_revisions =
    "sweeps s JOIN sweep_revisions r ON r.sweep = s.id "
    "AND r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = s.id) ";

template <typename Work>
auto reading(const ResultsDb& db, Work work) {
  return db::guarded("read", db.impl().file, work);
}

std::vector<std::string> texts(Statement& rows) {
  std::vector<std::string> found;
  while (rows.executeStep()) found.push_back(rows.getColumn(0).getString());
  return found;
}

}  // namespace

Snapshot::Snapshot(const ResultsDb& db) : db_(db) {
  reading(db_, [&] { db_.impl().database.exec("BEGIN"); });
}

Snapshot::~Snapshot() {
  db_.impl().database.tryExec("COMMIT");
}

std::vector<std::string> sweep_names(const ResultsDb& db) {
  return reading(db, [&] {
    Statement rows(db.impl().database, "SELECT name FROM sweeps ORDER BY name");
    return texts(rows);
  });
}

std::vector<SweepSummary> list_sweeps(const ResultsDb& db) {
  return reading(db, [&] {
    std::vector<SweepSummary> found;
    Statement rows(
        db.impl().database,
        fmt::format("SELECT s.name, r.file, r.id, r.number, r.created_at, "
                    "max(r.created_at, coalesce(max(j.changed_at), '')), "
                    "sum(j.state = 'pending'), sum(j.state = 'complete'), "
                    "sum(j.state = 'failed'), sum(j.state = 'skipped') "
                    "FROM {} LEFT JOIN sweep_jobs sj ON sj.revision = r.id LEFT JOIN jobs j ON j.id = sj.job "
                    "GROUP BY s.id ORDER BY s.name",
                    latest_revisions));
    while (rows.executeStep()) {
      int c = 0;
      auto text = [&] { return rows.getColumn(c++).getString(); };
      auto number = [&] { return rows.getColumn(c++).getInt64(); };
      SweepSummary sweep;
      sweep.name = text();
      sweep.file = text();
      sweep.revision = number();
      sweep.number = number();
      sweep.created_at = text();
      sweep.last_activity = text();
      for (std::int64_t* count :
           {&sweep.jobs.pending, &sweep.jobs.complete, &sweep.jobs.failed, &sweep.jobs.skipped}) {
        *count = number();
      }
      found.push_back(std::move(sweep));
    }
    return found;
  });
}

namespace {

// The only row of a statement over sweep_revisions r, with one parameter.
std::optional<SweepRevision> revision_where(const ResultsDb& db, const std::string& from, const std::string& parameter) {
  return reading(db, [&]() -> std::optional<SweepRevision> {
    Statement row(db.impl().database,
                  fmt::format("SELECT r.id, r.number, r.file, r.yaml, r.created_at, r.options, r.report, r.dataset, "
                              "r.provenance FROM {}",
                              from));
    row.bind(1, parameter);
    if (!row.executeStep()) return std::nullopt;
    auto json = [&](int column) { return Json::parse(row.getColumn(column).getString()); };
    return SweepRevision{row.getColumn(0).getInt64(),
                         row.getColumn(1).getInt64(),
                         row.getColumn(2).getString(),
                         row.getColumn(3).getString(),
                         row.getColumn(4).getString(),
                         json(5),
                         json(6),
                         json(7),
                         json(8)};
  });
}

}  // namespace

std::optional<SweepRevision> latest_revision(const ResultsDb& db, const std::string& sweep) {
  return revision_where(db, fmt::format("{} WHERE s.name = ?", latest_revisions), sweep);
}

std::optional<SweepRevision> latest_revision_with(const ResultsDb& db, const std::string& job) {
  return revision_where(
      db, "sweep_jobs o JOIN sweep_revisions r ON r.id = o.revision WHERE o.job = ? ORDER BY r.id DESC LIMIT 1", job);
}

const std::vector<std::string>& results_columns() {
  static const std::vector<std::string> columns = {"sweep",
                                                   "job",
                                                   "dataset",
                                                   "architecture",
                                                   "latent",
                                                   "latent_dim",
                                                   "epochs",
                                                   "reduction",
                                                   "reduced_dim",
                                                   "clustering",
                                                   "k",
                                                   "seed",
                                                   "params",
                                                   "recon_mse",
                                                   "accuracy",
                                                   "accuracy_public",
                                                   "accuracy_private",
                                                   "ari",
                                                   "nmi",
                                                   "state",
                                                   "wall_s",
                                                   "leaderboard_public",
                                                   "leaderboard_private",
                                                   "clusters_found"};
  return columns;
}

namespace {

bool is_column(const std::string& name) {
  const std::vector<std::string>& columns = results_columns();
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

// A column of `results` where job_results is r and sweeps s.
std::string expression(const std::string& column) {
  return column == "sweep" ? "s.name" : "r." + column;
}

[[noreturn]] void unknown_name(const std::string& name, const std::string& kind, std::vector<std::string> known) {
  std::string close = closest_match(name, known);
  throw UsageError(fmt::format("unknown {} '{}'{} known: {}", kind, name,
                               close.empty() ? ";" : fmt::format(", did you mean '{}'?", close),
                               fmt::join(known, ", ")));
}

std::vector<std::string> axis_names(const ResultsDb& db, std::int64_t revision) {
  Statement rows(db.impl().database,
                 "SELECT DISTINCT p.axis FROM sweep_jobs sj JOIN job_params p ON p.job = sj.job WHERE sj.revision = ? "
                 "ORDER BY p.axis");
  rows.bind(1, revision);
  return texts(rows);
}

std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

// As text, or as a number where both are: 10 finds 10.0. Takes two parameters.
std::string equals(const std::string& what, int parameter) {
  return fmt::format("(CAST({0} AS TEXT) = ?{1} OR {0} = ?{2})", what, parameter, parameter + 1);
}

// The WHERE clause of the conditions; their values are bound from ?3 on, two for each.
std::string where_clause(const ResultsDb& db, const ResultsQuery& query, std::int64_t revision) {
  std::string clause;
  int parameter = 3;
  for (const auto& [name, value] : query.conditions) {
    if (is_column(name)) {
      clause += fmt::format(" AND {}", equals(expression(name), parameter));
      parameter += 2;
      continue;
    }
    std::vector<std::string> axes = axis_names(db, revision);
    if (std::find(axes.begin(), axes.end(), name) == axes.end()) {
      for (const std::string& column : results_columns()) {
        if (std::find(axes.begin(), axes.end(), column) == axes.end()) axes.push_back(column);
      }
      unknown_name(name, "column or axis", axes);
    }
    clause += fmt::format(
        " AND EXISTS (SELECT 1 FROM job_params p WHERE p.job = o.job AND p.axis = '{}' AND {})",
        name, equals("p.value", parameter));
    parameter += 2;
  }
  return clause;
}

std::int64_t job_count(const ResultsDb& db, std::int64_t revision) {
  Statement count(db.impl().database, "SELECT count(*) FROM sweep_jobs WHERE revision = ?");
  count.bind(1, revision);
  count.executeStep();
  return count.getColumn(0).getInt64();
}

void bind_query(Statement& statement, const ResultsQuery& query, std::int64_t revision) {
  statement.bind(1, revision);
  statement.bind(2, query.sweep);
  int parameter = 3;
  for (const auto& [name, value] : query.conditions) {
    statement.bind(parameter++, value);
    if (std::optional<double> number = number_in(value)) {
      statement.bind(parameter++, *number);
    } else {
      statement.bind(parameter++);
    }
  }
}

}  // namespace

std::int64_t select_results(const ResultsDb& db, const ResultsQuery& query, RowSink& sink) {
  for (const std::string& column : query.columns) {
    if (!is_column(column)) unknown_name(column, "column", results_columns());
  }
  if (!query.sort.empty() && !is_column(query.sort)) unknown_name(query.sort, "column", results_columns());
  return reading(db, [&]() -> std::int64_t {
    std::optional<SweepRevision> revision = latest_revision(db, query.sweep);
    const std::vector<std::string>& columns = query.columns.empty() ? results_columns() : query.columns;
    sink.begin(columns);
    if (!revision) return 0;
    // The file's order leads: a page is found without looking at the other rows. Where all jobs are in it, positions
    // count them.
    const bool by_position = query.sort.empty() && query.conditions.empty();
    const std::string from = fmt::format(
        " FROM sweeps s CROSS JOIN sweep_jobs o CROSS JOIN job_results r ON r.job = o.job "
        "WHERE s.name = ?2 AND o.revision = ?1{}",
        where_clause(db, query, revision->id));
    const std::string order = query.sort.empty() ? "o.position"
                                                 : fmt::format("{0} IS NULL, {0}{1}, o.position",
                                                               expression(query.sort), query.descending ? " DESC" : "");
    std::vector<std::string> expressions;
    for (const std::string& column : columns) expressions.push_back(expression(column));
    const std::string skip = by_position ? fmt::format(" AND o.position >= {}", query.offset) : "";
    Statement rows(db.impl().database,
                   fmt::format("SELECT {}{}{} ORDER BY {} LIMIT {} OFFSET {}", fmt::join(expressions, ", "), from, skip,
                               order, query.limit.value_or(-1), by_position ? 0 : query.offset));
    bind_query(rows, query, revision->id);
    std::int64_t given = 0;
    for (; rows.executeStep(); ++given) sink.row(db::cells(rows));
    if (query.offset == 0 && (!query.limit || given < *query.limit)) return given;
    if (query.conditions.empty()) return job_count(db, revision->id);
    Statement count(db.impl().database, "SELECT count(*)" + from);
    bind_query(count, query, revision->id);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

std::vector<std::string> jobs_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit) {
  return reading(db, [&] {
    Statement rows(db.impl().database, "SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT ?2");
    rows.bind(1, prefix);
    rows.bind(2, limit);
    return texts(rows);
  });
}

Json job_parameter(const ResultsDb& db, const std::string& job, const std::string& axis) {
  return reading(db, [&]() -> Json {
    Statement row(db.impl().database, "SELECT params, clustering FROM jobs WHERE id = ?");
    row.bind(1, job);
    if (!row.executeStep()) return nullptr;
    const Json params = Json::parse(row.getColumn(0).getString());
    const std::size_t dot = axis.find('.');
    auto of = [](const Json& object, const std::string& name) {
      return object.is_object() && object.contains(name) ? object[name] : Json();
    };
    if (dot == std::string::npos) return axis == "threads" ? of(params, axis) : of(params["train"], axis);
    const std::string method = axis.substr(0, dot), name = axis.substr(dot + 1);
    if (method == row.getColumn(1).getString()) return of(params["clustering"], name);
    for (const Json& step : params["reduction"]) {
      if (of(step, "method") == method) return of(step, name);
    }
    return nullptr;
  });
}

Axes job_axes(const ResultsDb& db, const std::string& job) {
  return reading(db, [&] {
    Axes axes;
    Statement rows(db.impl().database, "SELECT axis, value FROM job_params WHERE job = ? ORDER BY axis");
    rows.bind(1, job);
    while (rows.executeStep()) axes.emplace_back(rows.getColumn(0).getString(), db::cell(rows.getColumn(1)));
    return axes;
  });
}

}  // namespace latentgrid
