#pragma once

#include <string>
#include <vector>

#include "db/queries.hpp"

namespace latentgrid::cli {

// What a table of jobs says of each unasked: the fields that tell jobs apart (columns/fields.hpp).
std::vector<std::string> default_job_fields();

// These columns, and what the sweep varies besides: rows should not look alike. Very large sweeps are not searched for
// that.
std::vector<std::string> with_varied(const ResultsDb& db, const SweepRevision& revision,
                                     std::vector<std::string> columns);

}  // namespace latentgrid::cli
