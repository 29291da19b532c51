#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <vector>

#include "columns/cell.hpp"

namespace latentgrid::db {

Cell cell(const SQLite::Column& column);
std::vector<Cell> cells(SQLite::Statement& row);
std::optional<double> real(const SQLite::Column& column);  // nothing for NULL

}  // namespace latentgrid::db
