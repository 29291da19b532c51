#include "nn/layers.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/functional.h>
#include <torch/nn/modules/activation.h>
#include <torch/utils.h>

#include <functional>
#include <tuple>

#include "base/error.hpp"
#include "nn/autoencoder.hpp"
#include "nn/dropout.hpp"
#include "nn/transposed_convolution.hpp"
#include "nn/winograd.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

namespace F = torch::nn::functional;

at::Tensor run(const char* layer, const at::Tensor& input) {
  torch::manual_seed(1);
  return make_sequence(Json::array({Json::parse(layer)}))->forward(input);
}

std::vector<std::int64_t> size(const at::Tensor& tensor) {
  return tensor.sizes().vec();
}
using Size = std::vector<std::int64_t>;

at::Tensor image(std::int64_t channels, std::int64_t height, std::int64_t width) {
  return at::arange(2 * channels * height * width, at::kFloat).reshape({2, channels, height, width}).mul(0.1).sin();
}

TEST(Layers, Conv2dTakesPyTorchsArguments) {
  EXPECT_EQ(size(run(R"({"type":"conv2d","in_channels":3,"out_channels":8,"kernel_size":3,"stride":2,"padding":1})",
                     image(3, 32, 32))),
            (Size{2, 8, 16, 16}));
  EXPECT_EQ(size(run(R"({"type":"conv2d","in_channels":4,"out_channels":8,"kernel_size":[3,1],"stride":[1,2],
                        "padding":[0,1],"dilation":[2,1],"groups":2,"bias":false})",
                     image(4, 9, 9))),
            (Size{2, 8, 5, 6}));
  EXPECT_EQ(size(run(R"({"type":"conv2d","in_channels":1,"out_channels":1,"kernel_size":3,"padding":1,
                        "padding_mode":"reflect"})",
                     image(1, 5, 5))),
            (Size{2, 1, 5, 5}));
}

TEST(Layers, DropoutDropsTheSameForEitherMemoryFormat) {
  const at::Tensor x = image(8, 4, 4);
  const auto dropped = [&](auto layer, const at::Tensor& input) {
    torch::manual_seed(1);
    return layer->forward(input);
  };
  const at::Tensor expected = dropped(torch::nn::Dropout(0.3), x);
  EXPECT_TRUE(at::equal(dropped(Dropout(0.3), x), expected));
  const at::Tensor channels_last = dropped(Dropout(0.3), x.contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(at::equal(channels_last, expected));
  EXPECT_TRUE(channels_last.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST(Layers, DropoutAtItsLimitsAndWhileNotTraining) {
  const at::Tensor x = image(8, 4, 4);
  EXPECT_TRUE(at::equal(Dropout(0.0)->forward(x), x));
  EXPECT_TRUE(at::equal(Dropout(1.0)->forward(x), at::zeros_like(x)));
  Dropout half(0.5);
  half->eval();
  EXPECT_TRUE(at::equal(half->forward(x), x));
}

TEST(Layers, ConvTranspose2dTakesPyTorchsArguments) {
  EXPECT_EQ(size(run(R"({"type":"conv_transpose2d","in_channels":8,"out_channels":3,"kernel_size":2,"stride":2})",
                     image(8, 16, 16))),
            (Size{2, 3, 32, 32}));
  EXPECT_EQ(size(run(R"({"type":"conv_transpose2d","in_channels":8,"out_channels":3,"kernel_size":[3,3],"stride":[2,2],
                        "padding":[1,1],"output_padding":[1,0]})",
                     image(8, 4, 4))),
            (Size{2, 3, 8, 7}));
}

// Gradients of input, weight and bias, and the result, all summed up against weights of their own.
std::vector<at::Tensor> gradients_of(const std::function<at::Tensor(const at::Tensor&)>& layer, at::Tensor input,
                                     std::vector<at::Tensor> parameters) {
  input = input.detach().requires_grad_(true);
  at::Tensor result = layer(input);
  parameters.push_back(input);
  std::vector<at::Tensor> all =
      torch::autograd::grad({(result * at::arange(result.numel()).view(result.sizes()).cos()).sum()}, parameters);
  all.push_back(result);
  return all;
}

TEST(Layers, TransposedConvolutionAsOneProductAgreesWithPyTorchs) {
  for (const bool bias : {true, false}) {
    for (const auto& [kernel, in_channels, out_channels] : std::vector<std::tuple<Size, std::int64_t, std::int64_t>>{
             {{2, 2}, 8, 3}, {{2, 2}, 4, 1}, {{3, 3}, 5, 2}, {{2, 3}, 3, 4}, {{1, 1}, 2, 2}}) {
      const torch::nn::ConvTranspose2dOptions options =
          torch::nn::ConvTranspose2dOptions(in_channels, out_channels, kernel).stride(kernel).bias(bias);
      TransposedConvolution ours(options);
      torch::nn::ConvTranspose2d torchs(options);
      ours->weight.set_data(ours->weight.contiguous(at::MemoryFormat::ChannelsLast));
      std::vector<at::Tensor> parameters{ours->weight}, its_parameters{torchs->weight};
      if (bias) parameters.push_back(ours->bias), its_parameters.push_back(torchs->bias);
      for (std::size_t i = 0; i < parameters.size(); ++i) its_parameters[i].data().copy_(parameters[i].data());
      for (const at::MemoryFormat format : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous}) {
        const at::Tensor input = image(in_channels, 5, 4).contiguous(format);
        const auto got = gradients_of([&](const at::Tensor& x) { return ours->forward(x); }, input, parameters);
        const auto expected =
            gradients_of([&](const at::Tensor& x) { return torchs->forward(x); }, input, its_parameters);
        for (std::size_t i = 0; i < got.size(); ++i) {
          EXPECT_TRUE(at::allclose(got[i], expected[i], 1e-5, 1e-5)) << i << ' ' << kernel[0] << ' ' << kernel[1];
        }
        EXPECT_TRUE(got.back().is_contiguous(at::MemoryFormat::ChannelsLast));
      }
    }
  }
}

TEST(Layers, AnActivationOverwritesWhatNobodyElseReads) {
  const Json relu{{"type", "relu"}}, tanh{{"type", "tanh"}},
      linear{{"type", "linear"}, {"in_features", 3}, {"out_features", 3}};
  auto overwrites = [&](const Json& before) {
    return make_sequence(Json::array({before, relu}))->ptr(1)->as<torch::nn::ReLU>()->options.inplace();
  };
  EXPECT_TRUE(overwrites(linear));
  EXPECT_FALSE(overwrites(tanh));  // whose gradient is computed from its output
  EXPECT_FALSE(make_sequence(Json::array({relu}))->ptr(0)->as<torch::nn::ReLU>()->options.inplace());
}

TEST(Layers, PoolingAgreesWithTheFunctionalForm) {
  at::Tensor x = image(3, 7, 8);
  EXPECT_TRUE(at::equal(run(R"({"type":"max_pool2d","kernel_size":[2,2],"stride":[2,2],"ceil_mode":true})", x),
                        F::max_pool2d(x, F::MaxPool2dFuncOptions(2).stride(2).ceil_mode(true))));
  EXPECT_TRUE(
      at::equal(run(R"({"type":"avg_pool2d","kernel_size":3,"stride":null,"padding":1,"count_include_pad":false})", x),
                F::avg_pool2d(x, F::AvgPool2dFuncOptions(3).padding(1).count_include_pad(false))));
}

TEST(Layers, UpsampleKnowsItsModes) {
  at::Tensor x = image(1, 2, 3);
  at::Tensor nearest = run(R"({"type":"upsample","scale_factor":[2,3],"mode":"nearest","size":null})", x);
  EXPECT_EQ(size(nearest), (Size{2, 1, 4, 9}));
  EXPECT_TRUE(at::equal(nearest, x.repeat_interleave(2, 2).repeat_interleave(3, 3)));
  EXPECT_TRUE(at::allclose(run(R"({"type":"upsample","size":[4,6],"mode":"bilinear","align_corners":true})", x),
                           at::upsample_bilinear2d(x, {4, 6}, true)));
}

TEST(Layers, ActivationsAgreeWithTheirFormulas) {
  at::Tensor x = image(1, 4, 4);
  EXPECT_TRUE(at::equal(run(R"({"type":"relu"})", x), x.clamp_min(0)));
  EXPECT_TRUE(at::allclose(run(R"({"type":"leaky_relu","negative_slope":0.2})", x), at::where(x > 0, x, 0.2 * x)));
  EXPECT_TRUE(at::allclose(run(R"({"type":"gelu"})", x), 0.5 * x * (1 + at::erf(x / std::sqrt(2.0)))));
  at::Tensor inner = std::sqrt(2 / 3.14159265358979) * (x + 0.044715 * x.pow(3));
  EXPECT_TRUE(
      at::allclose(run(R"({"type":"gelu","approximate":"tanh"})", x), 0.5 * x * (1 + at::tanh(inner)), 1e-4, 1e-6));
  EXPECT_TRUE(at::allclose(run(R"({"type":"tanh"})", x), (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()), 1e-4, 1e-6));
  EXPECT_TRUE(at::allclose(run(R"({"type":"sigmoid"})", x), 1 / (1 + (-x).exp())));
}

TEST(Layers, FlattenAndUnflattenAreInverse) {
  at::Tensor x = image(3, 2, 4).contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor flat = run(R"({"type":"flatten"})", x);
  EXPECT_EQ(size(flat), (Size{2, 24}));
  EXPECT_TRUE(at::equal(run(R"({"type":"unflatten","unflattened_size":[3,2,4]})", flat), x));
}

TEST(Layers, BatchNormUsesItsArguments) {
  at::Tensor x = image(2, 3, 3);
  at::Tensor mean = x.mean({0, 2, 3}, true), variance = x.var({0, 2, 3}, false, true);
  EXPECT_TRUE(at::allclose(run(R"({"type":"batch_norm2d","num_features":2,"eps":0.5,"affine":false})", x),
                           (x - mean) / (variance + 0.5).sqrt(), 1e-4, 1e-5));
}

// Of what a residual adds, the ReLU behind it overwrites the sum alone; its own first layer reads what the other path reads too.
TEST(Layers, AResidualsPathsDoNotOverwriteTheirInput) {
  const Json relu{{"type", "relu"}}, linear{{"type", "linear"}, {"in_features", 3}, {"out_features", 3}};
  torch::nn::Sequential layers =
      make_sequence(Json::array({linear, {{"type", "residual"}, {"layers", {relu}}, {"projection", {relu}}}, relu}));
  const at::Tensor x = image(1, 2, 3);
  EXPECT_TRUE(at::equal(layers->forward(x), 2 * layers->ptr(0)->as<torch::nn::Linear>()->forward(x).relu()));
  EXPECT_TRUE(layers->ptr(2)->as<torch::nn::ReLU>()->options.inplace());
}

TEST(Layers, Dropout2dDropsWholeChannelsTheSameForEitherMemoryFormat) {
  const at::Tensor x = at::ones({6, 8, 4, 4});
  const at::Tensor one = run(R"({"type":"dropout2d","p":0.5})", x),
                   other = run(R"({"type":"dropout2d","p":0.5})", x.contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(at::equal(one, other));
  EXPECT_TRUE(at::equal(one, one.select(3, 0).select(2, 0).view({6, 8, 1, 1}).expand_as(x)));
  EXPECT_TRUE(at::equal(std::get<0>(at::_unique(one)), at::tensor({0.0F, 2.0F})));
}

TEST(Layers, WrongLayersAreErrors) {
  EXPECT_THROW(make_layer(Json{{"type", "conv3d"}}), Error);
  EXPECT_THROW(make_layer(Json{{"type", "linear"}}), Error);
}

TEST(Autoencoder, InitialParametersAreThoseOfPyTorchForTheSeed) {
  torch::manual_seed(7);
  AutoencoderModule model(testing::tiny_autoencoder(), Compute(Arithmetic()));
  at::Tensor weight = model.parameters().front().second.flatten();
  // tests/golden/make_torch_answers.py
  EXPECT_NEAR(weight[0].item<double>(), 0.0134417, 1e-7);
  EXPECT_NEAR(weight[1].item<double>(), -0.1159307, 1e-7);
  EXPECT_NEAR(weight[2].item<double>(), 0.0612806, 1e-7);
}

TEST(Autoencoder, ParametersAndTheirGradientsAreChannelsLast) {
  torch::manual_seed(7);
  AutoencoderModule model(testing::tiny_native_autoencoder(), Compute(Arithmetic()));
  at::Tensor x = image(3, 8, 8).contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = model.decode(model.encode(x));
  at::mse_loss(y, x).backward();
  for (const auto& [name, parameter] : model.parameters()) {
    if (parameter.dim() != 4) continue;
    EXPECT_TRUE(parameter.is_contiguous(at::MemoryFormat::ChannelsLast)) << name;
    EXPECT_EQ(parameter.grad().strides(), parameter.strides()) << name;
  }
  EXPECT_TRUE(model.encode(x).is_contiguous(at::MemoryFormat::ChannelsLast));
}

// The two algorithms round differently.
TEST(Autoencoder, ConvolutionsInsideAResidualTakeWinogradsAlgorithm) {
  if (!has_winograd_kernels()) GTEST_SKIP() << "no such kernels here";
  const Json convolution = {{"type", "conv2d"}, {"in_channels", 32}, {"out_channels", 32}, {"kernel_size", 3}, {"padding", 1}};
  const Json model = {{"encoder", Json::array({{{"type", "residual"}, {"layers", {convolution}}, {"projection", Json::array()}}})},
                      {"decoder", Json::array()}};
  const at::Tensor x = image(32, 32, 32).contiguous(at::MemoryFormat::ChannelsLast);
  const auto encoded = [&](const char* algorithm) {
    torch::manual_seed(7);
    Arithmetic arithmetic;
    arithmetic.convolution = algorithm;
    return AutoencoderModule(model, Compute(arithmetic)).encode(x);
  };
  const at::Tensor winograd = encoded("winograd"), direct = encoded("direct");
  EXPECT_TRUE(at::allclose(winograd, direct, 1e-4, 1e-5));
  EXPECT_FALSE(at::equal(winograd, direct));
}

TEST(Autoencoder, NamesFollowTheLayers) {
  AutoencoderModule model(testing::tiny_autoencoder(), Compute(Arithmetic()));
  std::vector<std::string> names;
  for (const auto& [name, tensor] : model.parameters()) names.push_back(name);
  for (const auto& [name, tensor] : model.buffers()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"encoder.0.weight", "encoder.0.bias", "encoder.2.weight", "encoder.2.bias",
                                             "encoder.5.weight", "encoder.5.bias", "decoder.0.weight", "decoder.0.bias",
                                             "decoder.2.weight", "decoder.2.bias", "encoder.2.running_mean",
                                             "encoder.2.running_var", "encoder.2.num_batches_tracked"}));
}

TEST(Autoencoder, UnknownDevicesAreErrors) {
  EXPECT_THROW(device_from("toaster"), Error);
}

}  // namespace
}  // namespace latentgrid::nn
