#pragma once

#include <cstdint>
#include <filesystem>

#include "base/json.hpp"
#include "nn/arithmetic.hpp"

namespace latentgrid::nn {

struct ExportedEncoder {
  std::int64_t latent_dim = 0;
  Json input;  // [channels, height, width]
};

// Writes the encoder of the checkpoint in `model` (a folder written by Trainer::save) as TorchScript of this LibTorch:
// torch.jit.load() of the same PyTorch (1.13) reads `file`, without latentgrid. The module is in eval mode; its layers
// and state_dict() are named as in torch.nn.Sequential ("0.weight"). It has
//   forward(images)          float32 N×C×H×W, scaled as in training (x/127.5 - 1, or x/255), to float32 N×latent_dim;
//                            a feature map is flattened in C, H, W order, as in latents.npy
//   encode_uint8(images)     the same of uint8 N×H×W×C, as in images.npy: after the data set's pad_to
//   latent_dim, input_shape  an integer; (C, H, W)
// Images of another shape are refused. Its parameters need no gradient, and train() does not change what it computes.
// Latents are those of encode_images() but for rounding, as LibTorch may sum in another order for another batch size.
// They come from as many images as one likes, but for none: LibTorch 1.13 refuses an empty batch to weights in
// channels_last.
//
// The bytes depend on the model, the arithmetic and the file's name alone: PyTorch names the folder in its archive
// after the file, and writes no time into it. Throws Error if the checkpoint can't be read.
ExportedEncoder export_encoder(const std::filesystem::path& model, const Arithmetic& arithmetic,
                               const std::filesystem::path& file);

}  // namespace latentgrid::nn
