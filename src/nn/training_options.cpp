#include "nn/training_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

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

void check_early_stop(const TrainingOptions& options) {
  const std::vector<std::string> measures = {"none", "validation_loss", "rank"};
  check(std::find(measures.begin(), measures.end(), options.early_stop) != measures.end(), "early_stop must be none, validation_loss or rank");
  check(options.patience >= 1, "patience must be at least 1");
  check(options.validation > 0 && options.validation <= 0.5, "validation must be above 0 and at most 0.5");
  check(options.max_minutes >= 0, "max_minutes must be at least 0");
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
    if (options.lr_schedule == "step") {  // a refinement has another gamma
      take(params, "step_size", options.step_size);
      take(params, "gamma", options.gamma);
    }
    take(params, "warmup_epochs", options.warmup_epochs);
    take(params, "early_stop", options.early_stop);
    take(params, "patience", options.patience);
    take(params, "validation", options.validation);
    take(params, "max_minutes", options.max_minutes);
    if (params.contains("epochs")) options.epochs = params["epochs"].get<std::int64_t>();
    options.arithmetic = Arithmetic::from_json(params);
  } catch (const Json::exception& error) {
    throw Error(fmt::format("bad training parameters: {}", error.what()));
  }
  check_early_stop(options);
  check(options.batch_size >= 1, "batch_size must be at least 1");
  const std::vector<std::string> schedules = {"constant", "step", "cosine", "one_cycle"};
  check(std::find(schedules.begin(), schedules.end(), options.lr_schedule) != schedules.end(), "lr_schedule must be constant, step, cosine or one_cycle");
  check(options.warmup_epochs >= 0, "warmup_epochs must be at least 0");
  check(options.lr_schedule != "step" || options.step_size >= 1, "step_size must be at least 1");
  const bool needs_length = options.lr_schedule == "cosine" || options.lr_schedule == "one_cycle";
  check(!needs_length || options.epochs.value_or(0) >= 1, "epochs is needed by the cosine and the one_cycle schedule");
  return options;
}

namespace {

double by_cosine(double from, double to, double progress) { return to + (from - to) * (1 + std::cos(std::numbers::pi * progress)) / 2; }

// Up to the largest rate over the first 30 % of the batches, then down to nearly 0.
double one_cycle(double largest, std::int64_t batch, std::int64_t batches) {
  constexpr double share_of_rise = 0.3, first = 1.0 / 25, last = 1e-4;
  const double top = share_of_rise * static_cast<double>(batches) - 1, end = static_cast<double>(batches - 1), at = static_cast<double>(batch);
  const double initial = largest * first;
  if (at <= top) return by_cosine(initial, largest, top > 0 ? at / top : 1);
  const double peak = std::max(top, 0.0);
  return end > peak ? by_cosine(largest, initial * last, (at - peak) / (end - peak)) : largest;
}

double scheduled_rate(const TrainingOptions& options, std::int64_t epoch, std::int64_t batch, std::int64_t batches) {
  if (options.lr_schedule == "step") {
    return options.learning_rate * std::pow(options.gamma, static_cast<double>(epoch / options.step_size));
  }
  if (options.lr_schedule == "cosine") {
    double progress = static_cast<double>(epoch) / static_cast<double>(*options.epochs);
    return options.learning_rate * (1 + std::cos(std::numbers::pi * progress)) / 2;
  }
  if (options.lr_schedule == "one_cycle") return one_cycle(options.learning_rate, epoch * batches + batch, *options.epochs * batches);
  return options.learning_rate;
}

}  // namespace

double learning_rate(const TrainingOptions& options, std::int64_t epoch, std::int64_t batch, std::int64_t batches) {
  const double rate = scheduled_rate(options, epoch, batch, batches);
  if (epoch >= options.warmup_epochs) return rate;
  return rate * static_cast<double>(epoch * batches + batch + 1) / static_cast<double>(options.warmup_epochs * batches);
}

}  // namespace latentgrid::nn
