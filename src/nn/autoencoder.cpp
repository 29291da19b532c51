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

std::int64_t values_behind_encoder(AutoencoderModule& model, const Json& autoencoder, const Compute& compute) {
  const Json& input = autoencoder.at("input");
  const at::NoGradGuard no_grad;
  model.train(false);
  const at::Tensor image = at::zeros({1, input.at(0), input.at(1), input.at(2)}, at::TensorOptions(compute.device()));
  return model.encode(image.contiguous(at::MemoryFormat::ChannelsLast)).numel();
}

AutoencoderModule::AutoencoderModule(const Json& autoencoder, const Compute& compute)
    : compute_(compute),
      encoder_(make_sequence(autoencoder.at("encoder"))),
      decoder_(make_sequence(autoencoder.value("decoder", Json::array()))) {
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

NamedTensors AutoencoderModule::tensors() const {
  NamedTensors all = parameters();
  for (auto& buffer : buffers()) all.push_back(std::move(buffer));
  return all;
}

torch::nn::Sequential AutoencoderModule::layers_before_last() const {
  torch::nn::Sequential layers;
  for (std::size_t i = 0; i + 1 < encoder_->size(); ++i) layers->push_back(*(encoder_->begin() + static_cast<std::ptrdiff_t>(i)));
  return layers;
}

at::Tensor AutoencoderModule::last_of_encoder(const at::Tensor& values) {
  return (encoder_->begin() + static_cast<std::ptrdiff_t>(encoder_->size() - 1))->forward(values);
}

void AutoencoderModule::train(bool on) {
  encoder_->train(on);
  decoder_->train(on);
}

NamedTensors AutoencoderModule::parameters() const {
  NamedTensors named;
  for (const auto& item : encoder_->named_parameters()) named.emplace_back("encoder." + item.key(), item.value());
  for (const auto& item : decoder_->named_parameters()) named.emplace_back("decoder." + item.key(), item.value());
  return named;
}

NamedTensors AutoencoderModule::buffers() const {
  NamedTensors named;
  for (const auto& item : encoder_->named_buffers()) named.emplace_back("encoder." + item.key(), item.value());
  for (const auto& item : decoder_->named_buffers()) named.emplace_back("decoder." + item.key(), item.value());
  return named;
}

}  // namespace latentgrid::nn
