#include "nn/training_options.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace latentgrid::nn {

namespace {

template <typename T>
void take(const Json& params, const char* name, T& value) {
  if (auto found = params.find(name); found != params.end()) value = found->get<T>();
}

void check(bool fine, const char* what) {
  if (!fine) throw Error(fmt::format("training parameter {}", what));
}

}  // namespace

TrainingOptions TrainingOptions::from_json(const Json& params, std::int64_t seed) {
  TrainingOptions options;
  options.seed = seed;
  try {
    take(params, "optimizer", options.optimizer);
    take(params, "learning_rate", options.learning_rate);
    take(params, "weight_decay", options.weight_decay);
    take(params, "beta1", options.beta1);
    take(params, "beta2", options.beta2);
    take(params, "epsilon", options.epsilon);
    take(params, "momentum", options.momentum);
    take(params, "batch_size", options.batch_size);
    take(params, "lr_schedule", options.lr_schedule);
    take(params, "step_size", options.step_size);
    take(params, "gamma", options.gamma);
    if (params.contains("epochs")) options.epochs = params["epochs"].get<std::int64_t>();
    options.arithmetic = Arithmetic::from_json(params);
  } catch (const Json::exception& error) {
    throw Error(fmt::format("bad training parameters: {}", error.what()));
  }
  check(options.batch_size >= 1, "batch_size must be at least 1");
  check(options.lr_schedule == "constant" || options.lr_schedule == "step" || options.lr_schedule == "cosine",
        "lr_schedule must be constant, step or cosine");
  check(options.lr_schedule != "step" || options.step_size >= 1, "step_size must be at least 1");
  check(options.lr_schedule != "cosine" || options.epochs.value_or(0) >= 1, "epochs is needed by the cosine schedule");
  return options;
}

double learning_rate(const TrainingOptions& options, std::int64_t epoch) {
  if (options.lr_schedule == "step") {
    return options.learning_rate * std::pow(options.gamma, static_cast<double>(epoch / options.step_size));
  }
  if (options.lr_schedule == "cosine") {
    double progress = static_cast<double>(epoch) / static_cast<double>(*options.epochs);
    return options.learning_rate * (1 + std::cos(std::numbers::pi * progress)) / 2;
  }
  return options.learning_rate;
}

}  // namespace latentgrid::nn
