#pragma once

#include <string>

#include "db/queries.hpp"

namespace latentgrid::cli {

// The id of the one job that begins so. Throws UsageError for none, and for several, which it names.
std::string find_job(const ResultsDb& db, const std::string& prefix);

}  // namespace latentgrid::cli
