#pragma once

#include <string>

#include "report/table.hpp"

namespace latentgrid {

// RFC 4180. An estimate is three columns: the mean under the column's title, `... std` and `... n`; a column whose best
// is marked is followed by `... best` and `... tied` (1 or 0). A column without a title goes by its field's name.
// Without `show_n` there are no `... n`. Nothing but the cells, and `csv_columns`.
std::string to_csv(const Table& table);

// One field of RFC 4180: quoted if it holds a comma, a quote or a line break.
std::string csv_field(const std::string& text);

}  // namespace latentgrid
