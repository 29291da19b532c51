#pragma once

#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// What a reader wants to know first, in two or three sentences: which row of the first table is best, by how much over the
// next and over raw pixels, whether that is more than chance, and over how many replicates. The rows are the first table's: of
// its jobs (`of_table`), averaged over what it averages over, in percent where it shows percent; but runs of one setting that
// differ in the replicate alone are one row, whatever its columns are. Where a single setting of the whole sweep does better
// than the best row, that is said too. The tests are those of the tables (ties.hpp). Where no image has a label nothing says
// which clustering is best: then the reconstruction losses of the trainings are compared. Jobs without a result are named, as
// one of them might have been the best.
//
// The measure is what the first table marks the best of, if that is a score against labels; accuracy otherwise.
std::vector<std::string> answer(const ComparisonInput& of_table, const TableSpec& first_table, const ComparisonInput& sweep);

}  // namespace latentgrid
