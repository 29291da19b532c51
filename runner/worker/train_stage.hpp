#pragma once

#include "worker/task_context.hpp"

namespace latentgrid::worker {

// Stage `train`; part of latentgrid-torch.so (torch_module.hpp).
void train(TaskContext& context);

}  // namespace latentgrid::worker
