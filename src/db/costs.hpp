#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// Wall seconds of the recorded tasks behind a revision's complete jobs.
struct StageCost {
  std::string stage;
  double done_s = 0;          // each family once: tasks that differ only in their extent are one execution
  double one_by_one_s = 0;    // summed over the jobs, each with all of its own path
  std::int64_t untimed = 0;   // tasks without a time
};
std::vector<StageCost> stage_costs(const ResultsDb& db, std::int64_t revision);  // in the order of a path

}  // namespace latentgrid
