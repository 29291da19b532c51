#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "db/details.hpp"

namespace latentgrid {

// The members of a ResultRow that are columns: all fields of jobs that are not made by tables, and `reason`.
struct RowField {
  std::string_view name;
  std::variant<std::string ResultRow::*, std::int64_t ResultRow::*> member;
};
const std::vector<RowField>& row_fields();

}  // namespace latentgrid
