#pragma once

#include <torch/nn/modules/container/sequential.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace latentgrid::nn {

enum class MemoryFormat { channels_last, contiguous };
MemoryFormat memory_format_from(const std::string& name);  // "channels_last" or "contiguous"; throws Error
at::MemoryFormat to_torch(MemoryFormat format);

// "cpu", or what LibTorch calls a device of this build. Throws Error if it isn't there.
at::Device device_from(const std::string& name);

// Encoder and decoder of an Autoencoder's JSON (model/architecture.hpp). Not thread-safe.
class AutoencoderModule {
 public:
  // Draws the initial parameters from torch's generator. Four-dimensional parameters take the memory format.
  AutoencoderModule(const Json& autoencoder, MemoryFormat format, at::Device device);

  at::Tensor encode(const at::Tensor& images) { return encoder_->forward(images); }
  at::Tensor decode(const at::Tensor& latents) { return decoder_->forward(latents); }
  void train(bool on);

  using Named = std::vector<std::pair<std::string, at::Tensor>>;
  Named parameters() const;  // in the order of the layers, as PyTorch names them: "encoder.0.weight"
  Named buffers() const;     // batch norm's running statistics

 private:
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
};

}  // namespace latentgrid::nn
