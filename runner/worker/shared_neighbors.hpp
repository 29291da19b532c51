#pragma once

#include "neighbors/nearest_neighbors.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// The k nearest neighbors of the task's input "points", as nearest_neighbors() finds them. They are searched for once:
// the result is published as an artifact of stage "neighbors" with extent k, under a key made of the points' (key,
// extent), and a larger one that is there already serves a smaller k.
Neighbors shared_neighbors(const TaskContext& context, ConstMatrixRef points, std::int64_t k);

}  // namespace latentgrid::worker
