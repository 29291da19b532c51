#include "nn/export.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>

#include "base/pixel_range.hpp"
#include "nn/layer_script.hpp"
#include "nn/trained_model.hpp"

namespace latentgrid::nn {

namespace {

using torch::jit::CompilationUnit;

// The tensors of `named` whose names begin with `prefix`, without it.
NamedTensors below(const NamedTensors& named, const std::string& prefix) {
  NamedTensors found;
  for (const auto& [name, tensor] : named) {
    if (name.starts_with(prefix)) found.emplace_back(name.substr(prefix.size()), tensor.detach());
  }
  return found;
}

// What Module::train() of either front end sets.
void register_training_flag(torch::jit::Module& module) {
  module.register_attribute("training", c10::BoolType::get(), false);
}

// The modules of an encoder's layers. Every one has a class of its own: its code holds the layer's arguments.
class LayerModules {
 public:
  LayerModules(const TrainedModel& model, const std::shared_ptr<CompilationUnit>& unit) : model_(model), unit_(unit) {}

  // `place`: of the layer among the encoder's, "3" or "3.layers.0".
  torch::jit::Module layer(const Json& description, const std::string& place) const {
    const LayerScript script = layer_script(description);
    torch::jit::Module module = empty(place, script.class_name);
    for (const char* part : {"layers", "projection"}) {
      const Json inner = description.value(part, Json::array());
      if (!inner.empty()) module.register_module(part, sequence(inner, fmt::format("{}.{}", place, part)));
    }
    if (!description.contains("layers")) {
      const std::string prefix = fmt::format("encoder.{}.", place);
      for (const auto& [name, tensor] : below(model_.module.parameters(), prefix)) module.register_parameter(name, tensor, false);
      for (const auto& [name, tensor] : below(model_.module.buffers(), prefix)) module.register_buffer(name, tensor);
    }
    define(module, fmt::format("    return {}\n", script.expression));
    return module;
  }

  // Registers the layers in `module` as "0", "1", ... Returns the lines that run them on `x`.
  std::string add(torch::jit::Module& module, const Json& layers, const std::string& prefix) const {
    std::string lines;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      module.register_module(std::to_string(i), layer(layers.at(i), fmt::format("{}{}", prefix, i)));
      lines += fmt::format("    x = getattr(self, \"{}\").forward(x)\n", i);
    }
    return lines;
  }

 private:
  torch::jit::Module sequence(const Json& layers, const std::string& place) const {
    torch::jit::Module module = empty(place, "Sequential");
    define(module, add(module, layers, place + ".") + "    return x\n");
    return module;
  }

  torch::jit::Module empty(std::string place, const std::string& class_name) const {
    std::replace(place.begin(), place.end(), '.', '_');
    torch::jit::Module module(fmt::format("__torch__.latentgrid.layer{}.{}", place, class_name), unit_);
    register_training_flag(module);
    return module;
  }

  static void define(torch::jit::Module& module, const std::string& body) {
    module.define("def forward(self, x: Tensor) -> Tensor:\n" + body);
  }

  const TrainedModel& model_;
  std::shared_ptr<CompilationUnit> unit_;
};

// 6 and 0 are what PyTorch's files call float32 and uint8.
std::string encoder_source(const std::string& run_layers, PixelRange range, std::int64_t channels, std::int64_t height, std::int64_t width) {
  const bool from_zero = range == PixelRange::zero_to_one;
  std::string source = fmt::format(
      "def forward(self, images: Tensor) -> Tensor:\n"
      "    assert images.size()[1:] == [{0}, {1}, {2}], "
      "\"the encoder takes float images of N x {0} x {1} x {2}, scaled by {3}\"\n"
      "    x = images\n",
      channels, height, width, from_zero ? "x/255" : "x/127.5 - 1");
  source += run_layers + "    return torch.flatten(x, 1)\n";
  source += fmt::format(
      "def encode_uint8(self, images: Tensor) -> Tensor:\n"
      "    assert images.dtype == 0 and images.size()[1:] == [{1}, {2}, {0}], "
      "\"encode_uint8 takes uint8 images of N x {1} x {2} x {0}\"\n"
      "    x = torch.to(images, 6) / {3}\n"
      "    return self.forward(torch.permute(x, [0, 3, 1, 2]))\n",
      channels, height, width, from_zero ? "255.0" : "127.5 - 1.0");
  return source;
}

}  // namespace

ExportedEncoder export_encoder(const std::filesystem::path& folder, const Arithmetic& arithmetic,
                               const std::filesystem::path& file) {
  at::NoGradGuard no_grad;
  TrainedModel model = read_trained_model(folder, arithmetic);
  const Json& input = model.description.at("input");
  const std::int64_t channels = input.at(0), height = input.at(1), width = input.at(2);
  const std::int64_t latent_dim = values_behind_encoder(model.module, model.description, model.compute);

  const auto unit = std::make_shared<CompilationUnit>();
  torch::jit::Module encoder("__torch__.latentgrid.Encoder", unit);
  register_training_flag(encoder);
  encoder.register_attribute("latent_dim", c10::IntType::get(), latent_dim);
  const auto shape = c10::TupleType::create({c10::IntType::get(), c10::IntType::get(), c10::IntType::get()});
  encoder.register_attribute("input_shape", shape, std::make_tuple(channels, height, width));
  const std::string run_layers = LayerModules(model, unit).add(encoder, model.description.at("encoder"), "");
  encoder.define(encoder_source(run_layers, range_in(model.description), channels, height, width));
  encoder.save(file.string());
  return {latent_dim, input};
}

}  // namespace latentgrid::nn
