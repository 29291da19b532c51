#include "nn/validation.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/random.hpp"
#include "methods/training.hpp"
#include "nn/effective_rank.hpp"

namespace latentgrid::nn {

namespace {

constexpr std::int64_t most_images_of_a_rank = 2000;

double validation_loss(const TrainingOptions& options, const std::vector<std::int64_t>& images, Objective& objective, ImageViews& views) {
  torch::manual_seed(derive_seed(options.seed, "train.validation"));
  views.begin_epoch(validation_epoch, images, options.batch_size);
  const auto count = static_cast<std::int64_t>(images.size());
  double sum = 0;
  for (std::int64_t first = 0; first < count; first += options.batch_size) {
    const std::int64_t size = std::min(options.batch_size, count - first);
    sum += objective.loss({views.next(), validation_epoch}).item<double>() * static_cast<double>(size);
  }
  return sum / static_cast<double>(count);
}

double rank_of_latents(std::int64_t batch_size, const std::vector<std::int64_t>& images, Objective& objective, const ImageBatches& originals) {
  const auto count = static_cast<std::int64_t>(images.size()), chosen_count = std::min(count, most_images_of_a_rank);
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < chosen_count; ++i) chosen.push_back(images[static_cast<std::size_t>(i * count / chosen_count)]);
  const at::Tensor indices = originals.on_device(chosen);
  std::vector<at::Tensor> latents;
  for (std::int64_t first = 0; first < chosen_count; first += batch_size) {
    const at::Tensor batch = originals.rows(indices.narrow(0, first, std::min(batch_size, chosen_count - first)));
    latents.push_back(objective.latents(batch).to(at::kCPU));
  }
  return effective_rank(at::cat(latents));
}

}  // namespace

ImageDivision divide_images(const TrainingOptions& options, std::int64_t count) {
  const std::int64_t held_out = options.early_stop == "validation_loss" ? held_out_images(options.validation, count) : 0;
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  if (held_out == 0) return {std::move(all), {}};
  const std::vector<std::int64_t> drawn = RandomStream(options.seed, "train.held_out").permutation(count);
  ImageDivision division{{drawn.begin() + held_out, drawn.end()}, {drawn.begin(), drawn.begin() + held_out}};
  std::sort(division.trained.begin(), division.trained.end());
  std::sort(division.held_out.begin(), division.held_out.end());
  return division;
}

double judged_value(const TrainingOptions& options, const ImageDivision& images, Objective& objective, ImageViews& views) {
  const at::NoGradGuard no_gradients;
  objective.train(false);
  if (options.early_stop == "rank") return rank_of_latents(options.batch_size, images.trained, objective, views.originals());
  return validation_loss(options, images.held_out, objective, views);
}

}  // namespace latentgrid::nn
