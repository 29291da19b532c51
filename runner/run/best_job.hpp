#pragma once

#include <optional>
#include <string>

#include "db/queries.hpp"

namespace latentgrid {

// The id of the complete job that is best by a column of `results`: the smallest of recon_mse
// and wall_s, the largest of anything else; the first of equals. Nothing while a job of the sweep is pending, since it may
// be better, or where no job has the value.
std::optional<std::string> best_job(const ResultsDb& db, const std::string& sweep, const std::string& field);

}  // namespace latentgrid
