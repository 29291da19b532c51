#include "plan/training_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "methods/stages.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

std::string trainings_without_decoder() {
  std::vector<std::string> names;
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == MethodKind::training && !method.reconstructs) names.push_back(method.name);
  }
  return fmt::format("{}", fmt::join(names, " or "));
}

}  // namespace

TrainingCheck::TrainingCheck(const Sweep& sweep, const DatasetHeader& dataset, const TrainingResolver& trainings, Diagnostics& diagnostics)
    : sweep_(sweep), dataset_(dataset), trainings_(trainings), diagnostics_(diagnostics) {}

bool TrainingCheck::check(const GridCell& cell, const TrainingResolver::Training& training, const std::shared_ptr<const Autoencoder>& model) {
  if (untrained(cell) || sweep_.unread.train) return true;
  const std::pair<const TrainingResolver::Training*, const void*> key(&training, &model);
  if (!checked_.insert(key).second) return !failed_.contains(key);
  const std::string name = cell.architecture->value.get<std::string>();
  if (training.step->extent == 0) {
    diagnostics_.error(
        cell.architecture->where, fmt::format("{} has no number of epochs", name),
        fmt::format("write epochs under train, in the grid, or below the architecture: {{{}: {{epochs: 10}}}}", name));
    failed_.insert(key);
  }
  const MethodSpec& method = *training.step->method;
  PointsSize images;
  if (!sweep_.unread.selection && !sweep_.unread.image_shape) images.count = dataset_.images;
  for (const Problem& problem : method.problems_with(training.all, images)) {
    diagnostics_.error(trainings_.position_of(cell, problem.parameter), problem.message, problem.hint);
    failed_.insert(key);
  }
  if (model && method.reconstructs && model->decoder.empty()) {
    diagnostics_.error(cell.architecture->where, fmt::format("{} has no decoder, and the training {} reconstructs images", name, method.name),
                       fmt::format("write its decoder, or choose a training that needs none: {}", trainings_without_decoder()));
    failed_.insert(key);
    return false;
  }
  if (model && method.problem_with_model) {
    if (const auto problem = method.problem_with_model(training.all, model->to_json())) {
      diagnostics_.error(trainings_.position_of(cell, problem->parameter), fmt::format("{} ({})", problem->message, name), problem->hint);
      failed_.insert(key);
    }
  }
  if (!check_augmentation(cell, method)) failed_.insert(key);
  if (model && method.reconstructs) warn_of_nonnegative_end(name, *model, cell.architecture->where);
  if (model && !check_single_values(cell, training, *model)) failed_.insert(key);
  if (!check_arithmetic(cell, training)) failed_.insert(key);
  if (method.depends_on_speed) {
    if (const std::string_view what = method.depends_on_speed(training.all); !what.empty()) {
      notes_.insert(fmt::format("{} ends a training by the clock: how many epochs it has, and so its results, depends on the speed of the machine", what));
    }
  }
  if (model && runs_on_gpu(training.all)) warn_of_irreproducible(name, *model, cell.architecture->where);
  return !failed_.contains(key);
}

void TrainingCheck::warn_of_nonnegative_end(const std::string& name, const Autoencoder& model, const SourcePosition& used_at) {
  const Layer* last = model.range == PixelRange::minus_one_to_one ? model.nonnegative_end() : nullptr;
  if (!last) return;
  diagnostics_.warning(in_file(last->where) ? last->where : used_at,
                       fmt::format("the decoder of {} ends in {}, which gives no negative values, but images are scaled to "
                                   "[-1, 1]: their darker half cannot be reconstructed",
                                   name, last->arguments.at("type").get<std::string>()),
                       "end the decoder in tanh, or scale the images to [0, 1] with dataset: {range: [0, 1]}");
}

// A batch norm of single values needs more than one image in every batch.
bool TrainingCheck::check_single_values(const GridCell& cell, const TrainingResolver::Training& training, const Autoencoder& model) {
  const std::string norm = training.step->method->views == 1 ? model.normalizes_single_values() : "";
  const std::int64_t batch = training.all["batch_size"], trained = dataset_.images - held_out_images(training.all, dataset_.images);
  if (norm.empty() || sweep_.unread.selection || (batch > 1 && trained % batch != 1)) return true;
  diagnostics_.error(trainings_.position_of(cell, "batch_size"),
                     fmt::format("{} images in batches of {} leave a batch of one image, and {} has a {}, which needs more than one "
                                 "value per channel",
                                 trained, batch, cell.architecture->value.get<std::string>(), norm),
                     fmt::format("choose another batch_size or limit, or take the {} out", norm.substr(0, norm.find(' '))));
  return false;
}

bool TrainingCheck::check_arithmetic(const GridCell& cell, const TrainingResolver::Training& training) {
  const bool tf32_on_cpu = training.all["precision"] == "tf32" && !runs_on_gpu(training.all);
  const bool portable_on_gpu = is_portable(training.all) && runs_on_gpu(training.all);
  if (tf32_on_cpu) {
    diagnostics_.error(trainings_.position_of(cell, "precision"),
                       "precision tf32 is a mode of NVIDIA's GPUs, and this trains on the CPU",
                       "write device: cuda, or precision: float32 or bfloat16");
  }
  if (portable_on_gpu) {
    diagnostics_.error(trainings_.position_of(cell, arithmetic_parameter), "arithmetic portable is of the CPU, and this trains on a GPU",
                       "write device: cpu, or arithmetic: native");
  }
  return !tf32_on_cpu && !portable_on_gpu;
}

bool TrainingCheck::check_augmentation(const GridCell& cell, const MethodSpec& training) {
  const std::vector<FixedMethod> augmentations = augmentations_of(cell);
  if (training.views > 1 && augmentations.empty()) {
    diagnostics_.error(cell.augment->where, fmt::format("{} compares different views of an image, and without augmentation they are all the same", training.display_name),
                       fmt::format("leave {0} out for its default: {1}; or leave this cell out: exclude: {{training: {2}, {0}: none}}", augment_parameter,
                                   fmt::join(training.default_augment, ", "), training.name));
    return false;
  }
  PointsSize images{.count = dataset_.images};
  if (!sweep_.unread.image_shape && dataset_.height > 0) images.image = ImageSize{dataset_.height, dataset_.width, dataset_.channels};
  bool possible = true;
  for (const FixedMethod& step : augmentations) {
    for (const Problem& problem : step.spec->problems_with(step.spec->complete(step.params), images)) {
      const SourcePosition& where = step.position_of(problem.parameter, problem.or_parameter);
      if (!problem.warning) diagnostics_.error(where, problem.message, problem.hint);
      if (problem.warning && cell.augment) diagnostics_.warning(where, problem.message, problem.hint);  // of what somebody asked for
      possible = possible && problem.warning;
    }
  }
  return possible;
}

void TrainingCheck::warn_of_irreproducible(const std::string& name, const Autoencoder& model, const SourcePosition& used_at) {
  const std::string layer = model.irreproducible_on_gpu();
  if (layer.empty() || !irreproducible_.insert(name).second) return;
  diagnostics_.warning(used_at,
                       fmt::format("on a GPU, training {} is not the same twice: the gradient of its {} adds up in "
                                   "an order of its own each time",
                                   name, layer),
                       "write device: cpu where you need the same bytes each time");
}

}  // namespace latentgrid
