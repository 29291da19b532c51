#include "nn/autoencoder.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/layers.hpp"

namespace latentgrid::nn {

MemoryFormat memory_format_from(const std::string& name) {
  if (name == "channels_last") return MemoryFormat::channels_last;
  if (name == "contiguous") return MemoryFormat::contiguous;
  throw Error(fmt::format("memory_format is channels_last or contiguous, not '{}'", name));
}

at::MemoryFormat to_torch(MemoryFormat format) {
  return format == MemoryFormat::channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

at::Device device_from(const std::string& name) {
  try {
    at::Device device(name);
    at::zeros({1}, device);
    return device;
  } catch (const c10::Error& error) {
    throw Error(fmt::format("this build of LibTorch can't use the device '{}': {}", name, error.what_without_backtrace()));
  }
}

AutoencoderModule::AutoencoderModule(const Json& autoencoder, MemoryFormat format, at::Device device)
    : encoder_(make_sequence(autoencoder.at("encoder"))), decoder_(make_sequence(autoencoder.at("decoder"))) {
  encoder_->to(device);
  decoder_->to(device);
  for (auto& [name, parameter] : parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.data().contiguous(to_torch(format)));
  }
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
