#pragma once

#include <torch/nn/modules/container/sequential.h>

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "nn/compute.hpp"
#include "nn/named_tensors.hpp"

namespace latentgrid::nn {

// Encoder and decoder of an Autoencoder's JSON (model/architecture.hpp), which may have an encoder alone. Not thread-safe.
class AutoencoderModule {
 public:
  // Draws the initial parameters from torch's generator. Four-dimensional parameters take the memory format.
  AutoencoderModule(const Json& autoencoder, const Compute& compute);

  // float32 in and out, whatever the precision between.
  at::Tensor encode(const at::Tensor& images);
  at::Tensor decode(const at::Tensor& latents);
  void train(bool on);

  NamedTensors parameters() const;
  NamedTensors buffers() const;  // batch norm's running statistics

  NamedTensors tensors() const;  // both

  bool has_decoder() const { return !decoder_->is_empty(); }
  // The encoder's layers but the last; they are these, not copies.
  torch::nn::Sequential layers_before_last() const;
  at::Tensor last_of_encoder(const at::Tensor& values);  // that one

 private:
  at::Tensor forward(torch::nn::Sequential& layers, const at::Tensor& input);

  Compute compute_;
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
};

// Values of an image behind the encoder. `autoencoder`: what the model was made of. Leaves it in eval mode.
std::int64_t values_behind_encoder(AutoencoderModule& model, const Json& autoencoder, const Compute& compute);

// "4 of 4 values of NAME are not finite"; "" if all are.
std::string not_finite(const std::string& name, const at::Tensor& tensor);

}  // namespace latentgrid::nn
