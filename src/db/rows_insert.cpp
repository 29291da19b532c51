#include "db/rows_insert.hpp"

#include <fmt/format.h>

#include <utility>

namespace latentgrid::db {

RowsInsert::RowsInsert(SQLite::Database& database, std::string table, int columns, std::string conflict)
    : database_(database), table_(std::move(table)), conflict_(std::move(conflict)), columns_(columns) {}

SQLite::Statement& RowsInsert::of(std::size_t rows) {
  const auto found = statements_.find(rows);
  if (found != statements_.end()) {
    found->second.reset();
    return found->second;
  }
  std::string row = "?";
  for (int column = 1; column < columns_; ++column) row += ", ?";
  std::string all;
  for (std::size_t i = 0; i < rows; ++i) all += fmt::format("{}({})", i == 0 ? "" : ", ", row);
  const std::string sql = fmt::format("INSERT INTO {} VALUES {} {}", table_, all, conflict_);
  return statements_.emplace(std::piecewise_construct, std::forward_as_tuple(rows), std::forward_as_tuple(database_, sql)).first->second;
}

}  // namespace latentgrid::db
