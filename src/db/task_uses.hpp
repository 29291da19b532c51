#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// Who needs a task: the first of a revision's jobs, in the order of the sweep's file, and how many do.
struct TaskUse {
  std::string job;
  std::int64_t jobs = 0;
  std::int64_t step = 0;  // of that job's reduction which one it is
};

// By stage and key; what none of its jobs needs, as a figure's task, is left out.
std::map<std::pair<std::string, std::string>, TaskUse> uses_of_tasks(const ResultsDb& db, std::int64_t revision,
                                                                     const std::vector<std::string>& keys);

}  // namespace latentgrid
