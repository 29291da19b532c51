#pragma once

#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// What an answer (answer.hpp) is about, where that is not all of the sweep: runs that the first table lists one by one, jobs
// that it leaves out, jobs with fewer clusters than k, jobs without a result.
std::vector<std::string> scope_of_answer(const ComparisonInput& of_table, const TableSpec& first_table, const ComparisonInput& sweep);

}  // namespace latentgrid
