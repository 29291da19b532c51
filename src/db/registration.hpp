#pragma once

#include <cstdint>

#include "db/records.hpp"
#include "db/results_db.hpp"
#include "db/revisions.hpp"

namespace latentgrid {

// The revision that a sweep belongs to, and what registering it changed.
struct Registration {
  std::int64_t revision = 0;  // sweep_revisions.id
  RevisionChange change;
};

// One BEGIN IMMEDIATE transaction. A new revision is made only if the jobs, the text, the options, the report or the
// dataset differ from the latest one's; otherwise no row is written. Jobs already known, from whatever sweep, keep their
// state.
Registration register_sweep(ResultsDb& db, const SweepRecord& sweep, const JobList& jobs);

}  // namespace latentgrid
