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
  std::string lr_schedule = "constant";  // "step": times gamma every step_size epochs; "cosine": to 0 over `epochs`
  std::int64_t step_size = 10;
  double gamma = 0.1;
  std::optional<std::int64_t> epochs;  // the total; needed by cosine alone
  Arithmetic arithmetic;
  std::int64_t seed = 0;

  bool operator==(const TrainingOptions&) const = default;

  // From the train task's parameters; throws Error on a value that can't be carried out.
  static TrainingOptions from_json(const Json& params, std::int64_t seed);
};

// Of epoch 0, 1, ... as torch.optim.lr_scheduler's StepLR and CosineAnnealingLR (eta_min 0), stepped once an epoch.
double learning_rate(const TrainingOptions& options, std::int64_t epoch);

}  // namespace latentgrid::nn
