#pragma once

#include <string>

#include "plan/job.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// How progress lines and messages name a task, after the first job that needs it: "train AE2 latent 32 seed 0 to 20 epochs",
// "tsne 2-D to 500 of AE1 seed 1 epoch 5".
std::string task_label(const TaskNode& task, const Job& job);

}  // namespace latentgrid
