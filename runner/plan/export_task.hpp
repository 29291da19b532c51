#pragma once

#include "plan/task_graph.hpp"

namespace latentgrid {

// Nothing but tasks[0], the task of `stage` that left `model`, complete, and tasks[1], which exports its encoder: a task of no
// job, done when somebody asks for the file. Its artifact has extent 0.
TaskGraph encoder_export(const ArtifactId& model, const std::string& stage = "train");

}  // namespace latentgrid
