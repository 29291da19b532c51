#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/goings_on.hpp"
#include "columns/cell.hpp"
#include "db/results_db.hpp"

namespace latentgrid::cli {

// The workers of a results folder as `status` shows them, their tasks by the jobs of the running sweep.
struct WorkerTable {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};
WorkerTable worker_table(const ResultsDb& db, const GoingsOn& seen, bool all);  // all: also those that have left or are lost
// Why workers wait for the scheduler and what can be done, a line or two for each reason.
std::string waiting_text(const GoingsOn& seen);
Json workers_json(const ResultsDb& db, const GoingsOn& seen, bool all);
Json scheduler_json(const ListedWorker& listed);  // {"job", "state", "reason"}

}  // namespace latentgrid::cli
