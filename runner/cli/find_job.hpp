#pragma once

#include <string>

#include "db/queries.hpp"

namespace latentgrid::cli {

// The id of the one job that begins with `prefix`. Throws UsageError if there is none, or more than one: then it lists
// them.
std::string find_job(const ResultsDb& db, const std::string& prefix);

// What to say of a job that `rm` has taken from its last sweep.
std::string in_no_sweep(const std::string& job);

}  // namespace latentgrid::cli
