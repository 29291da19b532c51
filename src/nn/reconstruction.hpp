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

// Some images and what an autoencoder makes of them.
struct Reconstruction {
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> originals;  // count×height×width×channels, as they are
  std::vector<float> reconstructions;   // likewise, on the scale of the model; not clipped to its range
  std::vector<float> errors;            // count: the mean over an image's values of the squared error on that scale
  PixelRange range = PixelRange::minus_one_to_one;  // of that scale
};

// Encodes and decodes images[chosen[0]], images[chosen[1]], ... in eval mode with the checkpoint in `model` (a folder
// written by Trainer::save). `errors` are those that encode_images() gives for the same images but for rounding: the
// chosen images make batches of their own, and LibTorch may sum in another order for another batch size. Throws Error
// if the checkpoint can't be read or doesn't fit the images, or if an index is out of range.
Reconstruction reconstruct_images(const std::filesystem::path& model, const ImageView& images,
                                  std::span<const std::int64_t> chosen, const Arithmetic& arithmetic,
                                  const ImagesDone& images_done);

}  // namespace latentgrid::nn
