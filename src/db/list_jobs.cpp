#include "db/list_jobs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>

#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/job_columns.hpp"
#include "db/queries.hpp"
#include "db/results_columns.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// While it lives, SQL may say meets(i, value, other_name): whether the value meets the i-th of these conditions.
class ConditionFunction {
 public:
  ConditionFunction(SQLite::Database& database, const std::vector<Condition>& conditions)
      : connection_(database.getHandle()) {
    sqlite3_create_function_v2(connection_, name, 3, SQLITE_UTF8, const_cast<std::vector<Condition>*>(&conditions),
                               evaluate, nullptr, nullptr, nullptr);
  }
  ~ConditionFunction() {
    sqlite3_create_function_v2(connection_, name, 3, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr);
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
    sqlite3_result_int(context, meets(conditions.at(which), cell(values[1]), cell(values[2])));
  }

  sqlite3* connection_;
};

// Conditions with their names resolved, as SQL that goes on after a WHERE.
struct SqlConditions {
  std::vector<Condition> conditions;
  std::string sql;
};

SqlConditions resolved(const JobColumns& known, const std::vector<Condition>& conditions) {
  SqlConditions all{conditions, ""};
  for (std::size_t i = 0; i < all.conditions.size(); ++i) {
    std::string& column = all.conditions[i].column;
    column = known.resolve(column);
    all.sql += fmt::format(" AND meets({}, {}, {})", i, known.sql(column), known.sql_of_other_name(column));
  }
  return all;
}

// The query with its names resolved, as SQL.
struct JobSelection {
  std::vector<std::string> names, expressions;
  SqlConditions where;
  std::string order;
};

JobSelection resolved(const ResultsDb& db, const ResultsQuery& query, std::int64_t revision) {
  const JobColumns known(db, revision);
  JobSelection selection;
  for (const std::string& column : query.columns.empty() ? results_columns() : query.columns) {
    selection.names.push_back(known.resolve(column));
    selection.expressions.push_back(known.sql(selection.names.back()));
  }
  selection.where = resolved(known, query.conditions);
  selection.order = "o.position";
  if (!query.sort.empty()) {
    selection.order = fmt::format("{0} IS NULL, {0}{1}, o.position", known.sql(known.resolve(query.sort)),
                                  query.descending ? " DESC" : "");
  }
  return selection;
}

constexpr const char* from_jobs = " FROM sweep_jobs o CROSS JOIN job_results r ON r.job = o.job WHERE o.revision = ?1";

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
    const ConditionFunction function(database, selection.where.conditions);
    sink.begin(selection.names);
    // The file's order leads: a page is found without looking at the other rows. Where all jobs are in it, positions
    // count them.
    const bool by_position = query.sort.empty() && query.conditions.empty();
    const std::string from = from_jobs + selection.where.sql;
    const std::string skip = by_position ? fmt::format(" AND o.position >= {}", query.offset) : "";
    Statement rows(database,
                   fmt::format("SELECT {}{}{} ORDER BY {} LIMIT {} OFFSET {}", fmt::join(selection.expressions, ", "),
                               from, skip, selection.order, query.limit.value_or(-1), by_position ? 0 : query.offset));
    rows.bind(1, revision->id);
    std::int64_t given = 0;
    for (; rows.executeStep(); ++given) sink.row(db::cells(rows));
    if (query.offset == 0 && (!query.limit || given < *query.limit)) return given;
    if (query.conditions.empty()) return JobColumns(db, revision->id).jobs();
    Statement count(database, "SELECT count(*)" + from);
    count.bind(1, revision->id);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

std::vector<std::size_t> jobs_that_meet(const ResultsDb& db, std::int64_t revision, const std::vector<Condition>& conditions) {
  return db::guarded("read", db.impl().file, [&] {
    const SqlConditions where = resolved(JobColumns(db, revision), conditions);
    const ConditionFunction function(db.impl().database, where.conditions);
    Statement rows(db.impl().database, fmt::format("SELECT o.position{}{} ORDER BY o.position", from_jobs, where.sql));
    rows.bind(1, revision);
    std::vector<std::size_t> positions;
    while (rows.executeStep()) positions.push_back(static_cast<std::size_t>(rows.getColumn(0).getInt64()));
    return positions;
  });
}

}  // namespace latentgrid
