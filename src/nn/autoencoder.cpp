#include "nn/autoencoder.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/convolution.hpp"
#include "nn/layers.hpp"
#include "nn/run_layers.hpp"

namespace latentgrid::nn {

namespace {

void allow_winograd(torch::nn::Module& layers) {
  for (const auto& layer : layers.modules(/*include_self=*/false)) {
    if (auto* convolution = layer->as<ConvolutionImpl>()) convolution->allow_winograd();
  }
}

}  // namespace

std::string not_finite(const std::string& name, const at::Tensor& tensor) {
  const std::int64_t finite = at::isfinite(tensor).sum().item<std::int64_t>();
  if (finite == tensor.numel()) return "";
  return fmt::format("{} of {} values of {} are not finite", tensor.numel() - finite, tensor.numel(), name);
}

AutoencoderModule::AutoencoderModule(const Json& autoencoder, const Compute& compute)
    : compute_(compute),
      encoder_(make_sequence(autoencoder.at("encoder"))),
      decoder_(make_sequence(autoencoder.at("decoder"))) {
  encoder_->to(compute.device());
  decoder_->to(compute.device());
  if (compute.allows_winograd()) {
    allow_winograd(*encoder_);
    allow_winograd(*decoder_);
  }
  for (auto& [name, parameter] : parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
  }
}

at::Tensor AutoencoderModule::encode(const at::Tensor& images) {
  return forward(encoder_, images);
}

at::Tensor AutoencoderModule::decode(const at::Tensor& latents) {
  return forward(decoder_, latents);
}

at::Tensor AutoencoderModule::forward(torch::nn::Sequential& layers, const at::Tensor& input) {
  const Autocast autocast(compute_);
  return run_layers(layers, input).to(at::kFloat);
}

void AutoencoderModule::train(bool on) {
  encoder_->train(on);
  decoder_->train(on);
}

AutoencoderModule::Named AutoencoderModule::parameters() const {
  Named named;
  for (const auto& item : encoder_->named_parameters()) named.emplace_back("encoder." + item.key(), item.value());
  for (const auto& item : decoder_->named_parameters()) named.emplace_back("decoder." + item.key(), item.value());
  return named;
}

AutoencoderModule::Named AutoencoderModule::buffers() const {
  Named named;
  for (const auto& item : encoder_->named_buffers()) named.emplace_back("encoder." + item.key(), item.value());
  for (const auto& item : decoder_->named_buffers()) named.emplace_back("decoder." + item.key(), item.value());
  return named;
}

}  // namespace latentgrid::nn
