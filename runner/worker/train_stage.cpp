#include "worker/train_stage.hpp"

#include "worker/images_input.hpp"
#include "worker/trainer_run.hpp"

namespace latentgrid::worker {

void train(TaskContext& context) {
  const std::vector<std::int64_t> missing = missing_epochs(context);
  if (missing.empty()) return;
  const ImagesInput images(context);
  const nn::TrainingOptions options = trainer_options(context.task());
  nn::Trainer trainer(context.task().params, options, images.view());
  run_trainer(context, trainer, options, missing);
}

}  // namespace latentgrid::worker
