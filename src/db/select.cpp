#include "db/select.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

#include "base/error.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/query_hints.hpp"

namespace latentgrid {

namespace {

constexpr const char* only_reads =
    "query only reads: one SELECT over the tables and views; `latentgrid run` is what writes";

// sqlite3_stmt_readonly() catches what changes this database. What it lets through and nobody asked for is refused
// here: ATTACH can create files even on a read-only connection, and settings or transactions would outlive the query.
int authorize(void*, int action, const char* argument, const char*, const char*, const char*) {
  switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return SQLITE_DENY;
    case SQLITE_PRAGMA:
      for (const char* harmless : {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "function_list"}) {
        if (sqlite3_stricmp(argument, harmless) == 0) return SQLITE_OK;
      }
      return SQLITE_DENY;
    default:
      return SQLITE_OK;
  }
}

class OnlyReading {
 public:
  explicit OnlyReading(sqlite3* connection) : connection_(connection) {
    sqlite3_set_authorizer(connection_, authorize, nullptr);
  }
  ~OnlyReading() { sqlite3_set_authorizer(connection_, nullptr, nullptr); }
  OnlyReading(const OnlyReading&) = delete;
  OnlyReading& operator=(const OnlyReading&) = delete;

 private:
  sqlite3* connection_;
};

using StatementPtr = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

// Compiles the first statement of `text`, which becomes what is left of it. Null for white space and comments.
StatementPtr compile(const SQLite::Database& database, std::string_view& text) {
  sqlite3* const connection = database.getHandle();
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  int status = sqlite3_prepare_v2(connection, text.data(), static_cast<int>(text.size()), &statement, &tail);
  if (status == SQLITE_AUTH) throw UsageError(only_reads);
  if (status != SQLITE_OK) {
    const std::string message = sqlite3_errmsg(connection);
    throw UsageError(fmt::format("cannot run the query: {}{}", message, db::query_hint(database, message)));
  }
  text.remove_prefix(static_cast<std::size_t>(tail - text.data()));
  return {statement, sqlite3_finalize};
}

// The text of the only statement; throws UsageError if there is none, another one after it, or if it does more than
// read.
std::string only_statement(const SQLite::Database& database, std::string_view sql) {
  std::string_view rest = sql;
  StatementPtr statement = compile(database, rest);
  if (!statement) throw UsageError("the query is empty; try: SELECT * FROM results");
  if (!sqlite3_stmt_readonly(statement.get())) throw UsageError(only_reads);
  std::string text(sql.substr(0, sql.size() - rest.size()));
  while (!rest.empty()) {
    if (compile(database, rest)) throw UsageError("query runs one statement: remove what follows the first semicolon");
  }
  return text;
}

}  // namespace

void select(const ResultsDb& db, std::string_view sql, RowSink& sink) {
  db::guarded("query", db.impl().file, [&] {
    SQLite::Database& database = db.impl().database;
    OnlyReading guard(database.getHandle());
    SQLite::Statement rows(database, only_statement(database, sql));
    std::vector<std::string> columns;
    for (int i = 0; i < rows.getColumnCount(); ++i) columns.push_back(rows.getColumnName(i));
    sink.begin(columns);
    try {
      while (rows.executeStep()) sink.row(db::cells(rows));
    } catch (const SQLite::Exception& error) {
      // What a function says of its arguments.
      if (error.getErrorCode() != SQLITE_ERROR) throw;
      throw UsageError(fmt::format("cannot run the query: {}", error.what()));
    }
  });
}

}  // namespace latentgrid
