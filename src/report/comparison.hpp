#pragma once

#include <functional>
#include <string>
#include <vector>

#include "db/queries.hpp"
#include "report/table.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// What a comparison table is made from.
struct ComparisonInput {
  std::string sweep;
  std::vector<ResultRow> rows;  // in the order of the sweep's file
  std::int64_t images = 0, labelled = 0;
  // A job's values on the grid's axes: asked for only where the columns leave rows that look alike.
  std::function<Axes(const std::string& job)> axes_of;
  // A job's parameter that is an axis of another row; null if it has none.
  std::function<Json(const std::string& job, const std::string& axis)> parameter_of;
};

// One table: jobs that differ only in the replicate become one row, its measured cells mean ± sample standard deviation
// over those that are complete. Rows that look alike in the table's columns get the axes that tell them apart in
// brackets. The foot says what the numbers are: one matching found on all labelled images (an upper bound), how many
// images had labels, over which replicates, what is marked, and which rows are incomplete. Throws Error for an unknown
// field.
Table compare(const TableSpec& spec, const ComparisonInput& input);

// Mean and sample standard deviation of at least one value, summed in order.
Estimate estimate(const std::vector<double>& values);

}  // namespace latentgrid
