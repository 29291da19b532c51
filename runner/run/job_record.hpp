#pragma once

#include "db/records.hpp"
#include "plan/job.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// What the database keeps of a planned job.
JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph);

}  // namespace latentgrid
