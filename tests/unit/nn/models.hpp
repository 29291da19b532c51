#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "data/dataset.hpp"
#include "data/image_view.hpp"

// Small autoencoders and images for the tests of nn.
namespace latentgrid::testing {

// Every kind of state at once: convolutions, batch norm's buffers, dropout, a linear bottleneck. 3×8×8 images.
inline Json tiny_autoencoder() {
  return Json::parse(R"({
    "encoder": [
      {"type": "conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1]},
      {"type": "relu"},
      {"type": "batch_norm2d", "num_features": 8},
      {"type": "dropout", "p": 0.2},
      {"type": "flatten"},
      {"type": "linear", "in_features": 128, "out_features": 6}],
    "decoder": [
      {"type": "linear", "in_features": 6, "out_features": 128},
      {"type": "unflatten", "unflattened_size": [8, 4, 4]},
      {"type": "conv_transpose2d", "in_channels": 8, "out_channels": 3, "kernel_size": [2, 2], "stride": [2, 2]},
      {"type": "tanh"}],
    "input": [3, 8, 8]})");
}

// One convolution that leaves a feature map, and back.
inline Json tiny_native_autoencoder() {
  return Json::parse(R"({
    "encoder": [{"type": "conv2d", "in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1}],
    "decoder": [{"type": "conv_transpose2d", "in_channels": 4, "out_channels": 3, "kernel_size": 2, "stride": 2},
                {"type": "tanh"}],
    "input": [3, 8, 8]})");
}

// Parameters of a train task as far as they say what is minimized; `own` adds to them.
inline Json training_of(Json model, const Json& own = Json::object()) {
  Json training = {{"autoencoder", std::move(model)}, {"loss", "mse"}};
  training.update(own);
  return training;
}

// A stem, a residual with a projection, one without, and dropout, which draws. 3×8×8 images.
inline Json tiny_residual_autoencoder() {
  return Json::parse(R"({
    "encoder": [
      {"type": "conv2d", "in_channels": 3, "out_channels": 16, "kernel_size": [3, 3], "padding": [1, 1], "bias": false},
      {"type": "batch_norm2d", "num_features": 16},
      {"type": "relu"},
      {"type": "residual",
       "layers": [
         {"type": "conv2d", "in_channels": 16, "out_channels": 32, "kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1],
          "bias": false},
         {"type": "batch_norm2d", "num_features": 32},
         {"type": "relu"},
         {"type": "conv2d", "in_channels": 32, "out_channels": 32, "kernel_size": [3, 3], "padding": [1, 1], "bias": false},
         {"type": "batch_norm2d", "num_features": 32}],
       "projection": [
         {"type": "conv2d", "in_channels": 16, "out_channels": 32, "kernel_size": [1, 1], "stride": [2, 2], "bias": false},
         {"type": "batch_norm2d", "num_features": 32}]},
      {"type": "relu"},
      {"type": "dropout2d", "p": 0.2},
      {"type": "adaptive_avg_pool2d", "output_size": [1, 1]},
      {"type": "flatten"}],
    "decoder": [
      {"type": "residual",
       "layers": [{"type": "linear", "in_features": 32, "out_features": 32}, {"type": "batch_norm1d", "num_features": 32},
                  {"type": "silu"}],
       "projection": []},
      {"type": "linear", "in_features": 32, "out_features": 192},
      {"type": "unflatten", "unflattened_size": [12, 4, 4]},
      {"type": "pixel_shuffle", "upscale_factor": 2},
      {"type": "tanh"}],
    "input": [3, 8, 8]})");
}

inline ImageSet tiny_images(std::int64_t count = 37) {
  DatasetSource source;
  source.synthetic = DatasetSource::Synthetic{count, 2, 3, 8, 8, 1, 0.1};
  return load_images(source);
}

inline ImageView view(const ImageSet& set) { return {set.pixels, set.count, set.height, set.width, set.channels}; }

}  // namespace latentgrid::testing
