#include "nn/training_options.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.hpp"
#include "methods/training.hpp"

namespace latentgrid::nn {
namespace {

// tests/golden/make_torch_answers.py
void expect_rates(const TrainingOptions& options, const std::vector<double>& expected) {
  for (std::size_t epoch = 0; epoch < expected.size(); ++epoch) {
    EXPECT_NEAR(learning_rate(options, static_cast<std::int64_t>(epoch), 0, 4), expected[epoch], 1e-12) << epoch;
  }
}

TEST(TrainingOptions, StepScheduleIsPyTorchsStepLR) {
  TrainingOptions options = TrainingOptions::from_json(
      {{"learning_rate", 0.1}, {"lr_schedule", "step"}, {"step_size", 3}, {"gamma", 0.5}}, 0);
  expect_rates(options, {0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025});
}

TEST(TrainingOptions, CosineScheduleIsPyTorchsCosineAnnealingLR) {
  TrainingOptions options =
      TrainingOptions::from_json({{"learning_rate", 0.1}, {"lr_schedule", "cosine"}, {"epochs", 7}}, 0);
  expect_rates(options, {0.1, 0.095048443395, 0.081174490093, 0.061126046698, 0.038873953302, 0.018825509907,
                         0.004951556605});
}

// [torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=20)], the rates of 20 steps: 4 epochs of 5 batches.
TEST(TrainingOptions, OneCycleIsPyTorchsOneCycleLR) {
  const TrainingOptions options = TrainingOptions::from_json({{"learning_rate", 0.1}, {"lr_schedule", "one_cycle"}, {"epochs", 4}}, 0);
  const std::vector<double> expected = {0.004,          0.01316718427,  0.03716718427,  0.06683281573,  0.09083281573,  0.1,            0.098746400624,
                                        0.095048463201, 0.089091617757, 0.081174565395, 0.071694300179, 0.061126202194, 0.0500002,      0.038874197806,
                                        0.028306099821, 0.018825834605, 0.010908782243, 0.004951936799, 0.001253999376, 4e-07};
  for (std::int64_t step = 0; step < 20; ++step) EXPECT_NEAR(learning_rate(options, step / 5, step % 5, 5), expected[static_cast<std::size_t>(step)], 1e-11) << step;
}

TEST(TrainingOptions, OneCycleOfVeryFewBatchesHasRates) {
  for (std::int64_t epochs : {1, 2, 3}) {
    const TrainingOptions options = TrainingOptions::from_json({{"learning_rate", 0.1}, {"lr_schedule", "one_cycle"}, {"epochs", epochs}}, 0);
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      const double rate = learning_rate(options, epoch, 0, 1);
      EXPECT_TRUE(rate > 0 && rate <= 0.1) << epochs << " " << epoch << " " << rate;
    }
  }
}

TEST(TrainingOptions, WarmsUpBatchByBatch) {
  const TrainingOptions options = TrainingOptions::from_json({{"learning_rate", 0.8}, {"warmup_epochs", 2}}, 0);
  std::vector<double> rates;
  for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
    for (std::int64_t batch = 0; batch < 4; ++batch) rates.push_back(learning_rate(options, epoch, batch, 4));
  }
  const std::vector<double> expected = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(rates[i], expected[i], 1e-12) << i;
}

TEST(TrainingOptions, DefaultsArePyTorchs) {
  TrainingOptions options = TrainingOptions::from_json(Json::object(), 5);
  EXPECT_EQ(options.seed, 5);
  EXPECT_EQ(options.optimizer, "adam");
  EXPECT_EQ(learning_rate(options, 1000, 2, 3), 1e-3);
  EXPECT_EQ(options.beta2, 0.999);
  EXPECT_EQ(options.batch_size, 128);
}

// A value of a parameter that is not its default; null where there is no other.
Json another_value(const ParamSpec& param) {
  std::vector<Json> candidates(param.choices.begin(), param.choices.end());
  if (param.type == ParamType::boolean) candidates = {true, false};
  if (param.type == ParamType::integer) candidates = {param.minimum.value_or(0), param.minimum.value_or(0) + 1};
  if (param.type == ParamType::real) candidates = {param.minimum.value_or(0) + 0.5, param.minimum.value_or(0) + 0.25};
  for (Json& value : candidates) {
    if (param.type == ParamType::integer) value = value.get<std::int64_t>();
    if (value != param.default_value && check_value(param, value).empty()) return value;
  }
  return nullptr;
}

// `threads` is a property of the task, and `loss` of what is minimized: the trainer's options leave them out.
TEST(TrainingOptions, TakeEveryParameterOfTheDescriptorWithItsDefault) {
  for (const ParamSpec& param : training_options()) {
    if (param.name == "threads" || param.name == "loss") continue;
    Json given = {{"epochs", 3}};
    if (!param.used_if.empty()) given[param.used_if] = param.used_if_values.front();
    const TrainingOptions without = TrainingOptions::from_json(given, 0);
    if (!param.default_value.is_null()) {
      given[param.name] = param.default_value;
      EXPECT_TRUE(TrainingOptions::from_json(given, 0) == without) << param.name << " has another default in nn/training_options.hpp";
    }
    given[param.name] = another_value(param);
    if (given[param.name].is_null()) continue;
    EXPECT_FALSE(TrainingOptions::from_json(given, 0) == without) << "from_json does not take " << param.name;
  }
}

TEST(TrainingOptions, WhatCannotBeCarriedOutIsAnError) {
  auto message = [](const Json& params) -> std::string {
    try {
      TrainingOptions::from_json(params, 0);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message({{"batch_size", 0}}), "training parameter batch_size must be at least 1");
  EXPECT_EQ(message({{"lr_schedule", "cosine"}}), "training parameter epochs is needed by the cosine and the one_cycle schedule");
  EXPECT_EQ(message({{"lr_schedule", "exponential"}}), "training parameter lr_schedule must be constant, step, cosine or one_cycle");
  EXPECT_EQ(message({{"early_stop", "accuracy"}}), "training parameter early_stop must be none, validation_loss or rank");
  EXPECT_EQ(message({{"patience", 0}}), "training parameter patience must be at least 1");
  EXPECT_EQ(message({{"validation", 0.6}}), "training parameter validation must be above 0 and at most 0.5");
  EXPECT_EQ(message({{"max_minutes", -1}}), "training parameter max_minutes must be at least 0");
  EXPECT_NE(message({{"learning_rate", "fast"}}).find("bad training parameters: "), std::string::npos);
}

}  // namespace
}  // namespace latentgrid::nn
