#pragma once

#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/grouping.hpp"
#include "report/table_spec.hpp"
#include "report/ties.hpp"

namespace latentgrid {

// What a table's reader has to know: what the numbers and marks are, short, to stand under the table; and what was
// tested and found, in full.
struct Notes {
  std::vector<std::string> footnotes, details;  // a sentence or two each
};

Notes notes_of(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
               const std::vector<RowGroup>& groups, const Ranking& ranking);

}  // namespace latentgrid
