#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/trainer.hpp"
#include "worker/images_input.hpp"
#include "worker/rolling_checkpoint.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

nn::TrainingOptions training_options(const protocol::Run& task) {
  try {
    return nn::TrainingOptions::from_json(task.params, task.seed);
  } catch (const Error& error) {
    throw TaskError("parameter", error.what());
  }
}

std::vector<std::int64_t> missing_extents(const TaskContext& context) {
  std::vector<std::int64_t> missing;
  for (std::int64_t epochs : context.task().extents) {
    if (!context.store().exists("train", {context.task().key, epochs})) missing.push_back(epochs);
  }
  return missing;
}

using MakeTrainer = std::function<std::unique_ptr<nn::Trainer>()>;

struct Start {
  std::unique_ptr<nn::Trainer> trainer;
  std::string from;  // for the record
};

// The rolling checkpoint of an interrupted run, if it is of use.
std::optional<Start> start_from_partial(const TaskContext& context, const MakeTrainer& make_trainer, std::int64_t beyond,
                                        std::int64_t at_most) {
  const fs::path partial = context.store().partial(context.task().key);
  if (!fs::exists(partial)) return std::nullopt;
  try {
    const std::int64_t epochs = nn::checkpoint_epochs(partial);
    if (epochs <= beyond || epochs > at_most) return std::nullopt;
    Start start{make_trainer(), fmt::format("interrupted run at epoch {}", epochs)};
    start.trainer->restore(partial);
    return start;
  } catch (const Error& error) {
    fmt::print(stderr, "{}\nthe rolling checkpoint is ignored\n", error.what());
    remove_partial(context.store(), context.task().key);
    return std::nullopt;
  }
}

// Goes on from the longest checkpoint that isn't beyond the first missing extent.
Start start_training(const TaskContext& context, const MakeTrainer& make_trainer, std::int64_t first_missing) {
  const ArtifactStore& store = context.store();
  std::int64_t published = 0;
  for (std::int64_t epochs : store.extents("train", context.task().key)) {
    if (epochs < first_missing) published = epochs;
  }
  if (auto start = start_from_partial(context, make_trainer, published, first_missing)) return std::move(*start);
  Start start{make_trainer(), "start"};
  if (published > 0) {
    start.trainer->restore(store.folder("train", {context.task().key, published}));
    start.from = fmt::format("epoch {}", published);
  }
  return start;
}

void publish_checkpoint(TaskContext& context, const nn::Trainer& trainer, const std::string& continued_from) {
  fs::path staged = context.new_staging_folder();
  trainer.save(staged);
  context.publish(trainer.epochs_done(), staged, {{"train_loss", trainer.losses().back()}},
                  {{"method", "autoencoder"}, {"losses", trainer.losses()}, {"continued_from", continued_from}});
}

void leave_rolling_checkpoint(TaskContext& context, const nn::Trainer& trainer) {
  fs::path staged = context.new_staging_folder();
  trainer.save(staged);
  replace_partial(context.store(), context.task().key, staged);
}

}  // namespace

void run_train(TaskContext& context) {
  const protocol::Run& task = context.task();
  const std::vector<std::int64_t> missing = missing_extents(context);
  if (missing.empty()) return;
  if (missing.front() < 1) throw TaskError("parameter", "epochs must be at least 1");
  const ImagesInput images(context);
  const nn::TrainingOptions options = training_options(task);
  const Start start = start_training(
      context, [&] { return std::make_unique<nn::Trainer>(task.params.at("autoencoder"), options, images.view()); },
      missing.front());
  nn::Trainer& trainer = *start.trainer;

  const std::int64_t count = images.view().count, total = missing.back() * count;
  try {
    for (std::int64_t epochs : missing) {
      while (trainer.epochs_done() < epochs) {
        const std::int64_t epoch = trainer.epochs_done();
        trainer.train_epoch([&](std::int64_t seen, double loss) {
          context.progress(epoch * count + seen, total, {{"loss", loss}, {"epoch", epoch + 1}});
        });
        if (trainer.epochs_done() < epochs) leave_rolling_checkpoint(context, trainer);
      }
      publish_checkpoint(context, trainer, start.from);
    }
  } catch (const nn::Diverged& error) {
    remove_partial(context.store(), task.key);
    throw TaskError("diverged", error.what());
  }
  remove_partial(context.store(), task.key);
}

}  // namespace latentgrid::worker
