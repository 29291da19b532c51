#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

struct ForgottenSweep {
  std::int64_t revisions = 0;
  std::int64_t jobs = 0;         // that no other sweep has
  std::int64_t shared_jobs = 0;  // that another sweep has: they stay
  std::int64_t submissions = 0;  // of the forgotten jobs: scores that a competition gave back
};

// What forget_sweep() would forget. All zero for an unknown sweep.
ForgottenSweep sweep_alone(const ResultsDb& db, const std::string& sweep);

// Removes a sweep with its revisions, the jobs that no other sweep has in any revision, and what is recorded of tasks that
// nothing is left to need. Files stay. One BEGIN IMMEDIATE transaction.
ForgottenSweep forget_sweep(ResultsDb& db, const std::string& sweep);

}  // namespace latentgrid
