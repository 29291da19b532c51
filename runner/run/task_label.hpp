#pragma once

#include <string>

#include "plan/job.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// What a user is shown of a task that `job` needs: "train AE2 latent 32 seed 0 to 20 epochs", "tsne 2-D of AE1 seed 1".
std::string task_label(const TaskNode& task, const Job& job);

}  // namespace latentgrid
