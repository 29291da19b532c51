#include "nn/trained_model.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/checkpoint.hpp"
#include "nn/trainer.hpp"

namespace latentgrid::nn {

namespace fs = std::filesystem;

TrainedModel read_trained_model(const fs::path& folder, const Arithmetic& arithmetic) {
  const Compute compute(arithmetic);
  Json description = read_model_description(folder);
  AutoencoderModule module(description, compute);
  const NamedTensors tensors = module.tensors();
  load_model(folder, tensors);
  for (const auto& [name, tensor] : tensors) {
    const std::string found = not_finite(name, tensor);  // earlier versions published such models
    if (!found.empty()) throw Diverged(fmt::format("{} in the trained model {}; train with a lower learning_rate", found, folder.string()));
  }
  module.train(false);
  return {std::move(description), compute, std::move(module)};
}

void check_images(const TrainedModel& model, const ImageView& images, const fs::path& folder) {
  const Json shape = {images.channels, images.height, images.width};
  if (model.description.at("input") != shape) {
    throw Error(fmt::format("{} was trained on images of {}, these are {} (channels, height, width)", folder.string(),
                            model.description.at("input").dump(), shape.dump()));
  }
}

at::Tensor squared_errors(const at::Tensor& reconstructions, const at::Tensor& images) {
  return (reconstructions - images).square().mean({1, 2, 3});
}

void append(std::vector<float>& values, const at::Tensor& tensor) {
  const at::Tensor plain = tensor.to(at::kCPU).contiguous();
  values.insert(values.end(), plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
}

}  // namespace latentgrid::nn
