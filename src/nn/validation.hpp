#pragma once

#include <cstdint>
#include <vector>

#include "nn/image_views.hpp"
#include "nn/objective.hpp"
#include "nn/training_options.hpp"

namespace latentgrid::nn {

// Which of its images a training sees, and which it is judged by; both in ascending order.
struct ImageDivision {
  std::vector<std::int64_t> trained, held_out;
};

// Drawn by the seed. Nothing is held out unless the options say early_stop by the validation loss.
ImageDivision divide_images(const TrainingOptions& options, std::int64_t count);

// What early_stop judges an epoch by, in eval mode:
// - validation_loss, lower is better: the mean of the training's own loss over the images that are held out, in batches as those of the training.
//   Views and noise are the same after every epoch;
// - rank, higher is better: effective_rank of the latents of all images, or of 5000 that are evenly chosen, as they are.
// It seeds torch's generator. Not finite where a loss or a latent is not.
double judged_value(const TrainingOptions& options, const ImageDivision& images, Objective& objective, ImageViews& views);

}  // namespace latentgrid::nn
