#include "worker/trainer_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "methods/methods.hpp"
#include "worker/rolling_checkpoint.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

nn::TrainingOptions trainer_options(const protocol::Run& task) {
  try {
    nn::TrainingOptions options = nn::TrainingOptions::from_json(task.params, task.seed);
    options.arithmetic = arithmetic_of(task);
    return options;
  } catch (const Error& error) {
    throw TaskError("parameter", error.what());
  }
}

std::vector<std::int64_t> missing_epochs(const TaskContext& context) {
  std::vector<std::int64_t> missing;
  for (std::int64_t epochs : context.task().extents) {
    if (!context.store().exists(context.task().stage, {context.task().key, epochs})) missing.push_back(epochs);
  }
  if (!missing.empty() && missing.front() < 1) throw TaskError("parameter", "epochs must be at least 1");
  return missing;
}

namespace {

// Goes on from the longest checkpoint that isn't beyond the first missing extent and holds the optimizer's state: a published
// one, or the rolling one of an interrupted run. Returns which, for the record.
std::string restore_longest(nn::Trainer& trainer, TaskContext& context, std::int64_t first_missing) {
  const ArtifactStore& store = context.store();
  const std::string &key = context.task().key, &stage = context.task().stage;
  std::int64_t published = 0;
  for (std::int64_t epochs : store.extents(stage, key)) {
    if (epochs < first_missing && nn::can_be_continued(store.folder(stage, {key, epochs}))) published = epochs;
  }
  if (const auto partial = find_partial(store, key)) {
    const std::int64_t epochs = nn::checkpoint_epochs(partial->folder());
    if (epochs > published && epochs <= first_missing) {
      trainer.restore(partial->folder());
      context.continue_from(partial->usage());
      return fmt::format("interrupted run at epoch {}", epochs);
    }
  }
  if (published == 0) return "start";
  trainer.restore(store.folder(stage, {key, published}));
  context.continue_from(usage_from_json(store.read_record(stage, {key, published}).at("usage")));
  return fmt::format("epoch {}", published);
}

// A longer training goes on from the longest checkpoint there is: others hold no state of the optimizer. After a schedule
// that ends with its last epoch nothing goes on.
nn::Trainer::Contents contents_at(const TaskContext& context, std::int64_t epochs) {
  const std::vector<std::int64_t> published = context.store().extents(context.task().stage, context.task().key);
  const bool longest = epochs == context.task().extents.back() && (published.empty() || published.back() < epochs);
  const Json& params = context.task().params;
  const bool ends = !trained_by(params)->shares_its_beginning(params);
  return longest && !ends ? nn::Trainer::Contents::with_optimizer : nn::Trainer::Contents::without_optimizer;
}

// Why a training that is asked for so many epochs ends here; "" while it goes on. An interrupted one goes on with the time that its
// checkpoint tells.
std::string why_it_ends(const nn::Trainer& trainer, const TaskContext& context, const nn::TrainingOptions& options, std::int64_t epochs) {
  const auto done = static_cast<double>(trainer.epochs_done());
  if (trainer.epochs_done() >= epochs) return "epochs";
  if (trainer.is_over()) return "converged";
  if (trainer.early_stop() && trainer.early_stop()->is_over()) return "early_stop";
  if (options.max_minutes == 0 || done == 0) return "";
  return context.usage().wall_s * (done + 1) / done > options.max_minutes * 60 ? "max_minutes" : "";
}

struct Ending {
  std::string why;              // of why_it_ends()
  std::int64_t best_epoch = 0;  // whose parameters are published
};

void publish_checkpoint(TaskContext& context, const nn::Trainer& trainer, const nn::TrainingOptions& options, std::int64_t epochs, const Ending& ending,
                        const std::string& continued_from) {
  trainer.check_finite();
  fs::path staged = context.new_staging_folder();
  trainer.save(staged, contents_at(context, epochs));
  const MethodSpec& method = *trained_by(context.task().params);
  Json metrics = trainer.metrics(), record = trainer.record();
  metrics[method.metrics.front()] = trainer.losses().at(static_cast<std::size_t>(ending.best_epoch - 1));
  record.update({{"method", method.name}, {"losses", trainer.losses()}, {"continued_from", continued_from}});
  const bool may_end_early = trainer.early_stop() || options.max_minutes > 0;
  if (may_end_early || method.kind == MethodKind::refinement) {
    record["epochs_run"] = trainer.epochs_done();
    record["stopped_by"] = ending.why;
  }
  if (may_end_early) metrics["epochs_run"] = trainer.epochs_done();
  if (trainer.early_stop()) {
    metrics["best_epoch"] = record["best_epoch"] = ending.best_epoch;
    record["best_value"] = trainer.early_stop()->best_value();
  }
  context.publish(epochs, staged, metrics, record);
}

// An epoch, but not so often that writing takes more than a small share of the time: a GPU's epochs may be shorter.
class RollingCheckpoints {
 public:
  explicit RollingCheckpoints(TaskContext& context) : context_(context) {}

  void epoch_ended(const nn::Trainer& trainer) {
    const double now = system_clock().monotonic_seconds();
    if (now - written_ < seconds_to_write_ / share_of_time) return;
    fs::path staged = context_.new_staging_folder();
    trainer.save(staged);
    replace_partial(context_.store(), context_.task().key, staged, context_.usage());
    written_ = system_clock().monotonic_seconds();
    seconds_to_write_ = written_ - now;
  }

 private:
  static constexpr double share_of_time = 0.05;

  TaskContext& context_;
  double written_ = 0, seconds_to_write_ = 0;
};

}  // namespace

void run_trainer(TaskContext& context, nn::Trainer& trainer, const nn::TrainingOptions& options, const std::vector<std::int64_t>& missing,
                 const std::function<void()>& begin) {
  const std::string continued_from = restore_longest(trainer, context, missing.front());
  if (begin && trainer.epochs_done() == 0) begin();
  RollingCheckpoints rolling(context);
  const std::int64_t count = trainer.images_an_epoch(), total = missing.back() * count;
  const std::string& key = context.task().key;
  try {
    for (std::int64_t epochs : missing) {
      Ending ending;
      while ((ending.why = why_it_ends(trainer, context, options, epochs)).empty()) {
        const std::int64_t epoch = trainer.epochs_done();
        trainer.train_epoch([&](std::int64_t seen, double loss) {
          context.progress(epoch * count + seen, total, {{"loss", loss}, {"epoch", epoch + 1}});
        });
        if (trainer.epochs_done() < missing.back()) rolling.epoch_ended(trainer);
      }
      ending.best_epoch = trainer.take_best();
      publish_checkpoint(context, trainer, options, epochs, ending, continued_from);
    }
  } catch (const nn::Diverged& error) {
    remove_partial(context.store(), key);
    throw TaskError("diverged", error.what());
  }
  remove_partial(context.store(), key);
}

}  // namespace latentgrid::worker
