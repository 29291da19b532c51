#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <vector>

#include "base/json.hpp"
#include "data/image_view.hpp"
#include "nn/arithmetic.hpp"
#include "nn/autoencoder.hpp"

namespace latentgrid::nn {

// Images that go through a model at once. Fixed: another number may give other last digits.
inline constexpr std::int64_t images_at_once = 128;

// The autoencoder of a checkpoint, in eval mode.
struct TrainedModel {
  Json description;  // Autoencoder::to_json()
  Compute compute;
  AutoencoderModule module;
};

// `folder` was written by Trainer::save. Throws Error if it can't be read, or computed with so.
TrainedModel read_trained_model(const std::filesystem::path& folder, const Arithmetic& arithmetic);

// Throws Error unless the images have the shape of those that the model in `folder` was trained on.
void check_images(const TrainedModel& model, const ImageView& images, const std::filesystem::path& folder);

// Of each image of b×C×H×W: the mean over its values of the squared error; b.
at::Tensor squared_errors(const at::Tensor& reconstructions, const at::Tensor& images);

// The tensor's floats in C order, after those that are there.
void append(std::vector<float>& values, const at::Tensor& tensor);

}  // namespace latentgrid::nn
