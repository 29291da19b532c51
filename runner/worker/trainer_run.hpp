#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nn/trainer.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// TrainingOptions of a train or refine task. Throws TaskError.
nn::TrainingOptions trainer_options(const protocol::Run& task);

// The extents of the task that are not published yet, ascending. Throws TaskError where one is below 1.
std::vector<std::int64_t> missing_epochs(const TaskContext& context);

// Trains to each of these epochs and publishes a checkpoint there. Goes on from the longest checkpoint that there is, or else from what
// `begin` does.
void run_trainer(TaskContext& context, nn::Trainer& trainer, const nn::TrainingOptions& options, const std::vector<std::int64_t>& epochs,
                 const std::function<void()>& begin = {});

}  // namespace latentgrid::worker
