#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/footnotes.hpp"
#include "report/grouping.hpp"
#include "report/table.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// Says where jobs have fewer clusters than k, and names the rows; nothing where every job has them all, or it was not
// recorded.
void add_empty_clusters(const TableSpec& spec, const ComparisonInput& input, const std::vector<RowGroup>& groups, Notes& notes);

// The first of these sentences, as it stands in a table's foot and in the answer; nothing where every job has all its clusters.
std::optional<std::string> fewer_clusters_than_k(const ResultRows& jobs);

// What CSV has instead of the notes: for each row, of which the groups are given, the jobs with fewer clusters than k and the
// fewest that one of its jobs has. No columns where every job has them all.
std::vector<CsvColumn> empty_cluster_columns(const ComparisonInput& input, const std::vector<RowGroup>& groups,
                                             const std::vector<std::vector<std::size_t>>& groups_of_row);

}  // namespace latentgrid
