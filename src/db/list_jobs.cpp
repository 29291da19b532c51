#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>

#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/job_columns.hpp"
#include "db/queries.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// While it lives, SQL may say meets(i, value): whether the value meets the i-th of these conditions.
class ConditionFunction {
 public:
  ConditionFunction(SQLite::Database& database, const std::vector<Condition>& conditions)
      : connection_(database.getHandle()) {
    sqlite3_create_function_v2(connection_, name, 2, SQLITE_UTF8, const_cast<std::vector<Condition>*>(&conditions),
                               evaluate, nullptr, nullptr, nullptr);
  }
  ~ConditionFunction() {
    sqlite3_create_function_v2(connection_, name, 2, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr);
  }
  ConditionFunction(const ConditionFunction&) = delete;
  ConditionFunction& operator=(const ConditionFunction&) = delete;

 private:
  static constexpr const char* name = "meets";

  static Cell cell(sqlite3_value* value) {
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER:
        return std::int64_t{sqlite3_value_int64(value)};
      case SQLITE_FLOAT:
        return sqlite3_value_double(value);
      case SQLITE_NULL:
        return std::monostate{};
      default:
        return std::string(reinterpret_cast<const char*>(sqlite3_value_text(value)),
                           static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
  }

  static void evaluate(sqlite3_context* context, int, sqlite3_value** values) {
    const auto& conditions = *static_cast<const std::vector<Condition>*>(sqlite3_user_data(context));
    const auto which = static_cast<std::size_t>(sqlite3_value_int64(values[0]));
    sqlite3_result_int(context, meets(conditions.at(which), cell(values[1])));
  }

  sqlite3* connection_;
};

std::string quoted(const std::string& text) {
  std::string all = "'";
  for (char c : text) all += c == '\'' ? std::string("''") : std::string(1, c);
  return all + "'";
}

// A canonical column where job_results is r, sweeps s and sweep_jobs o.
std::string expression(const JobColumns& known, const std::string& column) {
  if (column == "sweep") return "s.name";
  if (!known.is_parameter(column)) return "r." + column;
  return fmt::format(
      "coalesce((SELECT value FROM job_params p WHERE p.job = o.job AND p.axis = {0}), "
      "parameter({0}, r.params, r.clustering))",
      quoted(column));
}

// The query with its names resolved, as SQL.
struct JobSelection {
  std::vector<std::string> names, expressions;
  std::vector<Condition> conditions;
  std::string where, order;
};

JobSelection resolved(const ResultsDb& db, const ResultsQuery& query, std::int64_t revision) {
  const JobColumns known(db, revision);
  JobSelection selection;
  for (const std::string& column : query.columns.empty() ? results_columns() : query.columns) {
    selection.names.push_back(known.resolve(column));
    selection.expressions.push_back(expression(known, selection.names.back()));
  }
  selection.conditions = query.conditions;
  for (std::size_t i = 0; i < selection.conditions.size(); ++i) {
    Condition& condition = selection.conditions[i];
    condition.column = known.resolve(condition.column);
    selection.where += fmt::format(" AND meets({}, {})", i, expression(known, column_of(condition)));
  }
  selection.order = "o.position";
  if (!query.sort.empty()) {
    selection.order = fmt::format("{0} IS NULL, {0}{1}, o.position", expression(known, known.resolve(query.sort)),
                                  query.descending ? " DESC" : "");
  }
  return selection;
}

}  // namespace

std::int64_t select_results(const ResultsDb& db, const ResultsQuery& query, RowSink& sink) {
  return db::guarded("read", db.impl().file, [&]() -> std::int64_t {
    SQLite::Database& database = db.impl().database;
    const std::optional<SweepRevision> revision = find_revision(db, query.sweep, query.revision);
    if (!revision) {
      sink.begin(query.columns.empty() ? results_columns() : query.columns);
      return 0;
    }
    const JobSelection selection = resolved(db, query, revision->id);
    const ConditionFunction function(database, selection.conditions);
    sink.begin(selection.names);
    // The file's order leads: a page is found without looking at the other rows. Where all jobs are in it, positions
    // count them.
    const bool by_position = query.sort.empty() && query.conditions.empty();
    const std::string from = fmt::format(
        " FROM sweeps s CROSS JOIN sweep_jobs o CROSS JOIN job_results r ON r.job = o.job "
        "WHERE s.name = ?2 AND o.revision = ?1{}",
        selection.where);
    const std::string skip = by_position ? fmt::format(" AND o.position >= {}", query.offset) : "";
    auto bind = [&](Statement& statement) {
      statement.bind(1, revision->id);
      statement.bind(2, query.sweep);
    };
    Statement rows(database,
                   fmt::format("SELECT {}{}{} ORDER BY {} LIMIT {} OFFSET {}", fmt::join(selection.expressions, ", "),
                               from, skip, selection.order, query.limit.value_or(-1), by_position ? 0 : query.offset));
    bind(rows);
    std::int64_t given = 0;
    for (; rows.executeStep(); ++given) sink.row(db::cells(rows));
    if (query.offset == 0 && (!query.limit || given < *query.limit)) return given;
    if (query.conditions.empty()) return JobColumns(db, revision->id).jobs();
    Statement count(database, "SELECT count(*)" + from);
    bind(count);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

}  // namespace latentgrid
