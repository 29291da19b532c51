#include "worker/train_stage.hpp"

#include "worker/images_input.hpp"
#include "worker/trainer_run.hpp"

namespace latentgrid::worker {

void train(TaskContext& context) {
  const std::vector<std::int64_t> missing = missing_epochs(context);
  if (missing.empty()) return;
  const ImagesInput images(context);
  nn::Trainer trainer(context.task().params, trainer_options(context.task()), images.view());
  run_trainer(context, trainer, missing, images.view().count);
}

}  // namespace latentgrid::worker
