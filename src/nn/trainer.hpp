#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "base/json.hpp"
#include "data/image_view.hpp"
#include "nn/early_stop.hpp"
#include "nn/training_options.hpp"

namespace latentgrid::nn {

// A loss, or what early_stop judges by, is no number any more: "loss is NaN at epoch 3" (epochs count from 1).
class Diverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Trains an encoder of uint8 images by one of the methods of methods/, or refines a trained one. The data's order, dropout and noise are drawn from
// (seed, epoch), views of an image from (seed, epoch, image), so a run of n epochs is exactly the first n of a longer one unless its schedule depends on their number, and a run restored from a checkpoint gives the
// same bits as one that never stopped (same machine, same number of threads). With early_stop each epoch is judged at its end, and the best one's
// parameters are kept beside those that are trained on. Not thread-safe.
class Trainer {
 public:
  // `training`: the parameters of a train task, or of a refine task with its model; its model (Autoencoder::to_json()) says the range that images are scaled to. `images` must
  // outlive the trainer.
  Trainer(const Json& training, const TrainingOptions& options, const ImageView& images);
  Trainer(Trainer&&) noexcept;
  ~Trainer();

  // Of a refinement that begins: the trained model (a folder) and the first centers, k×d in C order.
  void start_from(const std::filesystem::path& model, std::span<const float> centers);

  std::int64_t epochs_done() const;           // those of which something was learned
  const std::vector<double>& losses() const;  // one an epoch: the mean over its images
  std::int64_t images_an_epoch() const;       // without those that are held out
  const EarlyStop* early_stop() const;        // its verdict on the epochs so far; null without early_stop

  Json metrics() const;                       // and what a refinement says of itself besides
  Json record() const;

  // Called after every batch with the images seen in this epoch; may throw to stop in the middle (the trainer is then
  // only good for destruction).
  using BatchDone = std::function<void(std::int64_t images_seen, double batch_loss)>;
  // Returns the epoch's loss. A refinement whose clusters have stopped changing ends within the epoch; if nothing was learned of it yet,
  // that epoch is none, and the last one's loss is returned. Throws Diverged.
  double train_epoch(const BatchDone& batch_done);
  bool is_over() const;  // nothing would be learned from another epoch, as after the end of a refinement

  // Throws Diverged naming what is not finite: a parameter, a batch norm's statistics or a piece of the optimizer's state.
  void check_finite() const;

  // With early_stop, goes back to the best epoch's parameters and buffers; nothing can be trained behind it. Returns which epoch it is,
  // the last one without early_stop.
  std::int64_t take_best();

  // A checkpoint: model.json, parameters and buffers, losses.npy (float64, one an epoch), with early_stop validation.npy (likewise), and what is only
  // needed where training is to go on: optimizer/, which is two thirds of it with Adam, and with early_stop best/.
  enum class Contents { without_optimizer, with_optimizer };
  void save(const std::filesystem::path& folder, Contents contents = Contents::with_optimizer) const;
  void restore(const std::filesystem::path& folder);  // throws Error if it doesn't fit or has no optimizer/

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Autoencoder::to_json() of the model in a checkpoint. Throws Error.
Json read_model_description(const std::filesystem::path& folder);

// Number of epochs in a checkpoint: those that ran.
std::int64_t checkpoint_epochs(const std::filesystem::path& folder);  // throws Error

// Whether a checkpoint holds the optimizer's state, so that training can go on from it.
bool can_be_continued(const std::filesystem::path& folder);

}  // namespace latentgrid::nn
