#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "nn/arithmetic.hpp"

namespace latentgrid::nn {

// How an autoencoder is trained; names and defaults are those of methods/ and torch.optim.
struct TrainingOptions {
  std::string optimizer = "adam";  // or "sgd"
  double learning_rate = 1e-3;
  double weight_decay = 0;  // L2, added to the gradient
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // Adam
  double momentum = 0;                                // SGD
  std::int64_t batch_size = 128;
  std::string lr_schedule = "constant";  // "step": times gamma every step_size epochs; "cosine": to 0 over `epochs`; "one_cycle"
  std::int64_t step_size = 10;
  double gamma = 0.1;
  std::int64_t warmup_epochs = 0;  // over which the rate grows from 0, batch by batch
  std::optional<std::int64_t> epochs;  // the total; needed by cosine and one_cycle alone
  std::string early_stop = "none";     // or "validation_loss", "rank": what epochs are judged by
  std::int64_t patience = 10;          // epochs in a row that are no better
  double validation = 0.1;             // share of the images held out for the validation loss
  double max_minutes = 0;              // 0: no limit. Whoever calls the trainer keeps it
  Arithmetic arithmetic;
  std::int64_t seed = 0;

  bool operator==(const TrainingOptions&) const = default;

  // From the train task's parameters; throws Error on a value that can't be carried out.
  static TrainingOptions from_json(const Json& params, std::int64_t seed);
};

// Of a batch (from 0) of an epoch (from 0) of so many batches. As torch.optim.lr_scheduler's StepLR and CosineAnnealingLR (eta_min 0),
// stepped once an epoch, and OneCycleLR (cosine, its defaults but cycle_momentum=False), stepped once a batch. Warming up, times the share of the batches of
// those epochs that are done with this one.
double learning_rate(const TrainingOptions& options, std::int64_t epoch, std::int64_t batch, std::int64_t batches);

}  // namespace latentgrid::nn
