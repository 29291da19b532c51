#pragma once

#include <torch/nn/modules/container/sequential.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "nn/compute.hpp"

namespace latentgrid::nn {

// Encoder and decoder of an Autoencoder's JSON (model/architecture.hpp). Not thread-safe.
class AutoencoderModule {
 public:
  // Draws the initial parameters from torch's generator. Four-dimensional parameters take the memory format.
  AutoencoderModule(const Json& autoencoder, const Compute& compute);

  // float32 in and out, whatever the precision between.
  at::Tensor encode(const at::Tensor& images);
  at::Tensor decode(const at::Tensor& latents);
  void train(bool on);

  using Named = std::vector<std::pair<std::string, at::Tensor>>;
  Named parameters() const;  // in the order of the layers, as PyTorch names them: "encoder.0.weight"
  Named buffers() const;     // batch norm's running statistics

 private:
  at::Tensor forward(torch::nn::Sequential& layers, const at::Tensor& input);

  Compute compute_;
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
};

// "4 of 4 values of NAME are not finite"; "" if all are.
std::string not_finite(const std::string& name, const at::Tensor& tensor);

}  // namespace latentgrid::nn
