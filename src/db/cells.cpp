#include "db/cells.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace latentgrid {

namespace db {

Cell cell(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER:
      return column.getInt64();
    case SQLITE_FLOAT:
      return column.getDouble();
    case SQLITE_TEXT:
      return column.getString();
    case SQLITE_BLOB: {
      std::string digits;
      for (unsigned char byte : column.getString()) digits += fmt::format("{:02x}", byte);
      return digits;
    }
    default:
      return std::monostate{};
  }
}

std::vector<Cell> cells(SQLite::Statement& row) {
  std::vector<Cell> values;
  values.reserve(static_cast<std::size_t>(row.getColumnCount()));
  for (int i = 0; i < row.getColumnCount(); ++i) values.push_back(cell(row.getColumn(i)));
  return values;
}

std::optional<double> real(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(column.getDouble());
}

}  // namespace db

}  // namespace latentgrid
