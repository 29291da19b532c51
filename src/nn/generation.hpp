#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/pixel_range.hpp"
#include "data/image_view.hpp"
#include "nn/arithmetic.hpp"
#include "nn/encoder.hpp"

namespace latentgrid::nn {

// What a decoder makes of latents that no image has.
struct GeneratedImages {
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
  std::vector<float> values;  // count×height×width×channels, on the scale of the model; not clipped to its range
  PixelRange range = PixelRange::minus_one_to_one;  // of that scale
};

// Decodes `count` draws from N(0, I) in eval mode with the checkpoint in `model` (a folder written by Trainer::save), whose encoder
// ends in a linear layer. Draw i depends on the seed, i and the latent's width alone. Throws Error if the checkpoint can't be read
// or is of another kind.
GeneratedImages sample_images(const std::filesystem::path& model, std::int64_t count, std::int64_t seed, const Arithmetic& arithmetic,
                              const ImagesDone& images_done);

// Decodes `steps` latents, at least 2, on the straight line from the latent of images[ends[0]] to that of images[ends[1]], both
// included, at equal distances; then of ends[2] and ends[3], and so on. The first and the last are reconstructions. Throws Error if
// the checkpoint can't be read or doesn't fit the images, or if an index is out of range.
GeneratedImages interpolate_images(const std::filesystem::path& model, const ImageView& images, std::span<const std::int64_t> ends,
                                   std::int64_t steps, const Arithmetic& arithmetic, const ImagesDone& images_done);

}  // namespace latentgrid::nn
