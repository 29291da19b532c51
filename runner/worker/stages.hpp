#pragma once

#include <functional>
#include <map>
#include <string>

#include "worker/task_context.hpp"

namespace latentgrid::worker {

using Stage = std::function<void(TaskContext&)>;

// Every stage this worker can run, by name.
const std::map<std::string, Stage>& stages();

}  // namespace latentgrid::worker
