#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Indices of the jobs that agree with every value of the choice, in the order of the file; numbers agree as numbers. An
// axis that no job has, and a choice that no job meets, are errors at their position.
std::vector<std::size_t> jobs_that_agree(const std::vector<Job>& jobs, const JobChoice& choice,
                                         Diagnostics& diagnostics);

}  // namespace latentgrid
