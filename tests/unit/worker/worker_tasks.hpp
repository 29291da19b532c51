#pragma once

#include "data/dataset.hpp"
#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "protocol/messages.hpp"

// Tasks for a worker, small enough for a test.
namespace latentgrid::testing {

inline const std::string load_key(64, 'a'), train_key(64, 'b'), encode_key(64, 'c');

inline DatasetSource small_dataset(std::int64_t images = 64) {
  DatasetSource source;
  source.name = "small";
  source.synthetic = DatasetSource::Synthetic{images, 2, 3, 8, 8, 1, 0.1};
  return source;
}

inline protocol::Run load_task(const DatasetSource& source) {
  DigestCache cache;
  return {.task = 1,
          .stage = "load",
          .key = load_key,
          .params = image_identity(source, cache),
          .extents = {0},
          .sources = {{"dataset", source.to_json()}},
          .transcript = "stage = text load\n"};
}

inline protocol::Run train_task(std::vector<std::int64_t> extents, double learning_rate = 1e-3) {
  Json autoencoder = Json::parse(R"({
    "encoder": [{"type": "conv2d", "in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1},
                {"type": "batch_norm2d", "num_features": 4}],
    "decoder": [{"type": "conv_transpose2d", "in_channels": 4, "out_channels": 3, "kernel_size": 2, "stride": 2},
                {"type": "tanh"}],
    "input": [3, 8, 8]})");
  return {.task = 2,
          .stage = "train",
          .key = train_key,
          .params = {{"autoencoder", autoencoder}, {"optimizer", "adam"}, {"learning_rate", learning_rate}, {"batch_size", 8}},
          .extents = std::move(extents),
          .inputs = {{"images", {"load", {load_key, 0}}}},
          .seed = 42,
          .sources = Json::object(),
          .transcript = "stage = text train\n"};
}

inline protocol::Run encode_task(const std::string& method, std::int64_t epochs) {
  protocol::Run task{.task = 3,
                     .stage = "encode",
                     .key = encode_key,
                     .params = {{"method", method}},
                     .extents = {0},
                     .inputs = {{"images", {"load", {load_key, 0}}}},
                     .sources = Json::object(),
                     .transcript = "stage = text encode\n"};
  if (method == "autoencoder") task.inputs["model"] = {"train", {train_key, epochs}};
  return task;
}

}  // namespace latentgrid::testing
