#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "columns/cell.hpp"
#include "db/results_db.hpp"

namespace latentgrid {

// One axis with its value in every job of a revision.
struct AxisColumn {
  std::string name;
  std::vector<Cell> values;    // different ones: numbers ascending, then text in the order of the file; no NULL
  std::vector<int> value_of;   // by a job's position in the file, an index into `values`; -1: the job has none
};
// Axes of all jobs, as axes_of_every_job() gives those of one; by name.
std::vector<AxisColumn> axis_columns(const ResultsDb& db, std::int64_t revision);

// By a job's position in the file: the task that left what its clusters were found in, the last reduction's or the
// encoder's. Equal numbers are one embedding; -1: none on the path.
std::vector<std::int64_t> embedding_tasks(const ResultsDb& db, std::int64_t revision);

}  // namespace latentgrid
