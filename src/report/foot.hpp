#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/comparison.hpp"

namespace latentgrid {

// The jobs behind one row of a table, by their place in ComparisonInput::rows.
struct RowGroup {
  std::vector<std::size_t> rows;
  std::string label;       // names the row in the foot, whatever its columns
  std::string difference;  // " (iterations = 250)" where columns alone leave rows that look alike
};

// What a table's reader has to know, a sentence each.
std::vector<std::string> foot_of(const TableSpec& spec, const ComparisonInput& input,
                                 const std::vector<RowGroup>& groups);

}  // namespace latentgrid
