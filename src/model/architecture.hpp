#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "base/pixel_range.hpp"

namespace latentgrid {

// One layer with PyTorch's name in snake case and every argument after defaults, e.g.
// {"type": "conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1], ...}.
struct Layer {
  Json arguments;  // "type" included
  SourcePosition where;
  // Of a residual, which adds what its layers make of its input to what its projection makes of it; without a projection
  // to its input.
  std::vector<Layer> layers = {};
  std::vector<Layer> projection = {};

  std::string type() const;  // "conv2d"
  // The arguments, and those of the layers inside: what nn/ builds the module from.
  Json to_json() const;
};

// C×H×W, or a flat vector of `channels` values when height == 0.
struct TensorShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  bool flat() const { return height == 0; }
  std::int64_t values() const { return flat() ? channels : channels * height * width; }
  std::string text() const;  // "3×32×32" or "128"
  bool operator==(const TensorShape&) const = default;
};

// A layer list as written, before it is fitted to a dataset: integer arguments may be the symbols `channels`, `height`, `width`
// or `values` (of one image) or a part of these ("height/8"), input sizes may be null (taken from the layer before).
struct Architecture {
  std::string name;
  std::vector<Layer> encoder;
  std::vector<Layer> decoder;  // empty where there is none
  SourcePosition where;  // line 0 for the built-in ones
};

// A complete autoencoder for one input shape, the latent bottleneck included, or an encoder alone.
struct Autoencoder {
  std::vector<Layer> encoder;
  std::vector<Layer> decoder;  // empty where the architecture has none
  TensorShape input;
  TensorShape latent;  // the encoder's output
  PixelRange range = PixelRange::minus_one_to_one;  // of the images
  // What a latent_dim put in: the encoder's last layers and the decoder's first.
  std::size_t added_to_encoder = 0, added_to_decoder = 0;

  // {"encoder": [...], "decoder": [...], "input": [C, H, W]}, and "range" unless it is [-1, 1]: canonical; goes into train's key and to the worker.
  Json to_json() const;
  // Without the decoder: of a training that has none.
  Json encoder_to_json() const;
  // A batch norm that cannot train on a batch of one image, since that is one value a channel, as one reads it: "batch_norm2d
  // of 1×1 maps", "batch_norm1d"; "" if there is none. Of larger maps one image is enough.
  std::string normalizes_single_values() const;
  // A layer whose gradient LibTorch computes on a GPU with sums in no fixed order, as one reads it; "" if there is none
  // (torch.use_deterministic_algorithms lists them).
  std::string irreproducible_on_gpu() const;

  // Where a decoder ends in a layer that gives no negative value ("relu", "sigmoid"), its last such layer, else null.
  // Images of [-1, 1] are beyond it.
  const Layer* nonnegative_end() const;

  // "linear(100, 32) is added to the end of the encoder, linear(32, 100) is added to the beginning of the decoder"; "" if
  // nothing is added.
  std::string added_layers() const;
};

// Fits an architecture to images of a shape. With `latent_dim`, flatten, linear to latent_dim, linear back and unflatten go
// between encoder and decoder (flatten and unflatten only where the encoder gives a feature map). One without a parameter
// to train is an error. Errors go to
// `diagnostics` at the layer, or at `used_at` for layers without a position; nothing is returned then.
std::optional<Autoencoder> fit_architecture(const Architecture& architecture, const TensorShape& image,
                                            std::optional<std::int64_t> latent_dim, const SourcePosition& used_at,
                                            Diagnostics& diagnostics);

// What the decoder returns for images of a shape; nothing where a layer doesn't fit.
std::optional<TensorShape> returned_shape(const Architecture& architecture, const TensorShape& image,
                                          std::optional<std::int64_t> latent_dim, Diagnostics& diagnostics);

}  // namespace latentgrid
