#pragma once

#include <functional>
#include <map>
#include <string>

#include "worker/task_context.hpp"

namespace latentgrid::worker {

using Stage = std::function<void(TaskContext&)>;

// Every stage this worker can run, by name.
const std::map<std::string, Stage>& stages();

// Whether a task trains or applies a model, or computes on a GPU.
bool needs_torch(const protocol::Run& task);

}  // namespace latentgrid::worker
