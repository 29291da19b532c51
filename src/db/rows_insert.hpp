#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

namespace latentgrid::db {

// INSERTs that enter several rows at once. Finding its place is most of what a row costs; behind the one before it, it needs no search.
class RowsInsert {
 public:
  static constexpr std::size_t most_rows = 64;

  // `table`: "job_params (job, axis, value)"; `conflict`: what follows the rows, "ON CONFLICT DO NOTHING".
  RowsInsert(SQLite::Database& database, std::string table, int columns, std::string conflict = "");

  // Enters `count` rows. bind(statement, first, row) binds the row's columns from the parameter `first` on.
  template <typename Bind>
  void insert(std::size_t count, Bind&& bind) {
    for (std::size_t begin = 0; begin < count; begin += most_rows) {
      const std::size_t rows = std::min(count - begin, most_rows);
      SQLite::Statement& statement = of(rows);
      for (std::size_t i = 0; i < rows; ++i) bind(statement, static_cast<int>(i) * columns_ + 1, begin + i);
      statement.exec();
    }
  }

 private:
  SQLite::Statement& of(std::size_t rows);  // reset

  SQLite::Database& database_;
  std::string table_, conflict_;
  int columns_;
  std::map<std::size_t, SQLite::Statement> statements_;
};

}  // namespace latentgrid::db
