#pragma once

#include <vector>

#include "plan/gpus.hpp"
#include "pool/executors.hpp"
#include "spec/sweep.hpp"

namespace latentgrid::cli {

// The workers that a sweep's section of this executor asks for: a crew for each stage that has needs of its own, and one for all
// others. Tasks on a GPU go to the crew of their stage if that has GPUs, else to the first crew that has.
std::vector<CrewOptions> crews_of(const ExecutorKind& executor, const Sweep& sweep);

Resources resources_of(const WorkerNeeds& needs);
// What its section says of workers.
const ClusterWorkers& workers_of(const ExecutorKind& executor, const Sweep& sweep);

// What `device: auto` comes to, stage by stage.
Gpus gpus_of(const ExecutorKind& executor, const Sweep& sweep);

}  // namespace latentgrid::cli
