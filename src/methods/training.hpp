#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/method.hpp"

namespace latentgrid {

// The options that all trainings of an encoder share: epochs, the optimizer's, the schedule's, threads, ... In sweep files
// (`train:`, axes of the grid) and columns they stand without the training's name.
const std::vector<ParamSpec>& training_options();
const ParamSpec* find_training_option(std::string_view name);

// Whether this parameter of a method is one of them.
bool is_shared_option(const MethodSpec& method, std::string_view parameter);

// Options of older versions, which had one value each; a file may still name them.
const std::vector<std::string>& former_training_options();

// What all trainings have in common: the options but `unused` ones, then its own parameters.
MethodSpec training(std::vector<ParamSpec> own = {}, const std::vector<std::string_view>& unused = {});

// Of those that train an encoder alone, by comparing two augmented views of each image; the method `contrastive` applies it. `loss` is
// none of their options.
MethodSpec training_on_views(std::vector<ParamSpec> own);

// What is wrong with the options that all have.
std::vector<Problem> problems_with_options(const Json& params, const PointsSize& images);
// How many of its images a training with these complete options holds out: none, but for early_stop by the loss on them.
std::int64_t held_out_images(const Json& options, std::int64_t images);
std::int64_t held_out_images(double validation, std::int64_t images);  // as that share of them

// Why `loss` is none for such a model; of trainings that reconstruct.
std::optional<Problem> problem_with_loss(const Json& params, const Json& model);

inline constexpr const char* diverged = "the training diverged: lower learning_rate";

}  // namespace latentgrid
