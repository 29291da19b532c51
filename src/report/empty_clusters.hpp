#pragma once

#include <vector>

#include "report/comparison_input.hpp"
#include "report/foot.hpp"
#include "report/grouping.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// Says where jobs have fewer clusters than k, and names the rows; nothing where every job has them all, or it was not
// recorded.
void add_empty_clusters(const TableSpec& spec, const ComparisonInput& input, const std::vector<RowGroup>& groups, Notes& notes);

}  // namespace latentgrid
