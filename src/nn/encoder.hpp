#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "data/image_view.hpp"
#include "nn/arithmetic.hpp"

namespace latentgrid::nn {

struct Encoding {
  std::int64_t count = 0, dim = 0;
  std::vector<float> latents;  // count×dim; a feature map flattens in C, H, W order
  std::vector<float> errors;   // count: the mean over an image's values of the squared error, on the scale of the model; empty for raw pixels
  double recon_mse = 0;        // mean of `errors`
  std::vector<std::int32_t> head_clusters;  // count: by the best cluster head of the training, or the nearest center of a refinement; empty where there are none
  std::optional<std::int64_t> head;         // which of several heads
};

using ImagesDone = std::function<void(std::int64_t)>;  // how many so far; may throw to stop

// Encodes and decodes every image in eval mode with the checkpoint in `model` (a folder written by Trainer::save). Throws
// Error if the checkpoint can't be read or doesn't fit the images.
Encoding encode_images(const std::filesystem::path& model, const ImageView& images, const Arithmetic& arithmetic,
                       const ImagesDone& images_done);

}  // namespace latentgrid::nn
