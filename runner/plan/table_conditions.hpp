#pragma once

#include <vector>

#include "base/diagnostic.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// A condition of a table on an axis that no job has, or that no job of the grid meets, is an error at its position.
// Conditions on what is measured are known only after the run.
void check_table_conditions(const std::vector<TableCondition>& conditions, const std::vector<Job>& jobs,
                            Diagnostics& diagnostics);

}  // namespace latentgrid
