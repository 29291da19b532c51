#pragma once

#include <cstddef>
#include <vector>

#include "base/json.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// The jobs that meet all of some conditions (columns/condition.hpp), written as `["epochs >= 4", "architecture = AE1,
// AE2"]`, by their place in ReportData::rows. A condition is about an axis of the sweep or a column of `results`; where
// a job has both (a latent_dim of `native` that is 2048), either may meet it. Throws Error for a name that is neither.
std::vector<std::size_t> rows_that_meet(const ReportData& data, const Json& conditions);

}  // namespace latentgrid
