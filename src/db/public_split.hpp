#pragma once

#include "base/json.hpp"
#include "db/queries.hpp"

namespace latentgrid {

// Whether a sweep's file has a `split:` of its own, by the data set as its revision records it. Without one, public and
// private scores are of two random halves that nobody asked for: they are computed, but shown only on request.
bool says_split(const Json& dataset);

// Whether one of the sweeps that have this job says so.
bool says_split(const ResultsDb& db, const JobDetail& job);
}  // namespace latentgrid
