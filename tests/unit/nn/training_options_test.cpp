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
    EXPECT_NEAR(learning_rate(options, static_cast<std::int64_t>(epoch)), expected[epoch], 1e-12) << epoch;
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

TEST(TrainingOptions, DefaultsArePyTorchs) {
  TrainingOptions options = TrainingOptions::from_json(Json::object(), 5);
  EXPECT_EQ(options.seed, 5);
  EXPECT_EQ(options.optimizer, "adam");
  EXPECT_EQ(learning_rate(options, 1000), 1e-3);
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
    if (!param.used_if.empty()) given[param.used_if] = param.used_if_value;
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
  EXPECT_EQ(message({{"lr_schedule", "cosine"}}), "training parameter epochs is needed by the cosine schedule");
  EXPECT_EQ(message({{"lr_schedule", "exponential"}}), "training parameter lr_schedule must be constant, step or cosine");
  EXPECT_NE(message({{"learning_rate", "fast"}}).find("bad training parameters: "), std::string::npos);
}

}  // namespace
}  // namespace latentgrid::nn
