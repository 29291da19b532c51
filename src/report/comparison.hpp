#pragma once

#include <vector>

#include "report/comparison_input.hpp"
#include "report/table.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// One table: jobs that differ only in the replicate, and in what the table averages over, become one row; its measured
// cells are mean ± sample standard deviation over the replicates, each of which counts once all of its jobs are
// complete. Rows are named by row_names.hpp. A pivot spreads its values over the values of its columns; the tall form
// has a row a measured value. The best are marked, and what does not differ from the best significantly (ties.hpp). The
// notes say what the numbers are: accuracies by one matching found on all labelled images (an upper bound), how many
// images had labels, over which replicates, what is marked, and which cells miss jobs. Throws Error for an unknown
// field.
Table compare(const TableSpec& spec, const ComparisonInput& input);

// Mean and sample standard deviation of at least one value, summed in order.
Estimate estimate(const std::vector<double>& values);

}  // namespace latentgrid
