#pragma once

#include "worker/task_context.hpp"

namespace latentgrid::worker {

// Stage `refine`; part of latentgrid-torch.so (torch_module.hpp).
void refine(TaskContext& context);

}  // namespace latentgrid::worker
