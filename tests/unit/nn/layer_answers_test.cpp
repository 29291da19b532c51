// Layers and the built-in architectures against PyTorch's Python front end and torchvision's ResNet:
// tests/golden/make_layer_answers.py made layer_answers.json.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>

#include <cmath>
#include <fstream>

#include "nn/autoencoder.hpp"
#include "nn/layers.hpp"
#include "nn/run_layers.hpp"
#include "spec/built_in_architectures.hpp"
#include "unit/nn/difference.hpp"

namespace latentgrid::nn {
namespace {

using testing::difference;
using Size = std::vector<std::int64_t>;

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

at::Tensor hashed(std::int64_t count, int stream) {
  at::Tensor values = at::empty({count}, at::kFloat);
  auto* floats = values.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    const double wave = std::sin(static_cast<double>(i + 1) * 12.9898 + stream * 78.233) * 43758.5453;
    floats[i] = static_cast<float>(2 * (wave - std::floor(wave)) - 1);
  }
  return values;
}

using Named = NamedTensors;

void fill(const Named& tensors) {
  const at::NoGradGuard no_graph;
  int stream = 0;
  for (const auto& [name, tensor] : tensors) {
    if (!tensor.is_floating_point()) continue;
    at::Tensor values = hashed(tensor.numel(), ++stream).reshape(tensor.sizes());
    const bool scales = name.ends_with("running_var") || (tensor.dim() == 1 && name.ends_with("weight"));
    if (scales) values = values * 0.5 + 1.25;
    if (tensor.dim() > 1) values = values * std::sqrt(3.0 / static_cast<double>(tensor[0].numel()));
    at::Tensor(tensor).copy_(values);
  }
}

Json answers() {
  return Json::parse(std::ifstream(LATENTGRID_SOURCE_DIR "/tests/golden/layer_answers.json"));
}

at::Tensor tensor_of(const Json& values, at::IntArrayRef size) {
  return at::tensor(values.get<std::vector<double>>(), at::kDouble).reshape(size);
}

TEST(LayerAnswers, AreThoseOfPyTorch) {
  const Json cases = answers()["layers"];
  ASSERT_GT(cases.size(), 20u);
  for (const Json& c : cases) {
    const auto size = c["input"].get<Size>();
    const at::Tensor x = hashed(c10::multiply_integers(size), 0).reshape(size);
    for (const bool last : {false, true}) {
      torch::nn::Sequential layers = make_sequence(c["layers"]);
      Named named;
      for (const auto& item : layers->named_parameters()) named.emplace_back(item.key(), item.value());
      for (const auto& item : layers->named_buffers()) named.emplace_back(item.key(), item.value());
      fill(named);
      layers->train(c["training"].get<bool>());
      const at::NoGradGuard no_graph;
      const at::Tensor y = run_layers(layers, last && x.dim() == 4 ? x.contiguous(channels_last) : x);
      ASSERT_EQ(y.sizes(), c["shape"].get<Size>()) << c["layers"];
      EXPECT_LT(difference(y, tensor_of(c["output"], y.sizes())), 2e-6) << c["layers"];
    }
  }
}

TEST(BuiltInArchitectures, AreThoseOfPyTorch) {
  const Json cases = answers()["architectures"];
  ASSERT_EQ(cases.size(), 10u);
  for (const Json& c : cases) {
    SCOPED_TRACE(c["name"].get<std::string>() + " for " + c["image"].dump());
    const TensorShape image = {c["image"][0], c["image"][1], c["image"][2]};
    Diagnostics diagnostics;
    const auto fitted =
        fit_architecture(built_in_architectures().at(c["name"].get<std::string>()), image, std::nullopt, {}, diagnostics);
    ASSERT_TRUE(fitted) << diagnostics.render();
    EXPECT_EQ(fitted->latent, (TensorShape{256, 0, 0}));
    AutoencoderModule model(fitted->to_json(), Compute(Arithmetic()));
    std::map<std::string, std::int64_t> parameters;
    for (const std::string part : {"encoder", "decoder"}) {
      Named named;
      for (const auto& [name, tensor] : model.parameters()) {
        if (!name.starts_with(part)) continue;
        named.emplace_back(name, tensor);
        parameters[part] += tensor.numel();
      }
      for (const auto& [name, tensor] : model.buffers()) {
        if (name.starts_with(part)) named.emplace_back(name, tensor);
      }
      fill(named);
    }
    EXPECT_EQ(parameters["encoder"], c["encoder_parameters"]);
    EXPECT_EQ(parameters["decoder"], c["decoder_parameters"]);
    const at::NoGradGuard no_graph;
    const at::Tensor x = hashed(4 * image.values(), 0).reshape({4, image.channels, image.height, image.width});
    const at::Tensor latents = model.encode(x.contiguous(channels_last)), returned = model.decode(latents);
    using at::indexing::None, at::indexing::Slice;
    const at::Tensor some = latents.index({Slice(), Slice(None, None, 37)}),
                     pixels = returned.index({Slice(), Slice(), Slice(None, None, 5), Slice(None, None, 7)});
    EXPECT_LT(difference(some, tensor_of(c["latents"], some.sizes())), 1e-4);
    EXPECT_LT(difference(pixels, tensor_of(c["returned"], pixels.sizes())), 1e-4);
  }
}

}  // namespace
}  // namespace latentgrid::nn
