#include "nn/layers.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/functional.h>
#include <torch/utils.h>

#include "base/error.hpp"
#include "nn/autoencoder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

namespace F = torch::nn::functional;

at::Tensor run(const char* layer, const at::Tensor& input) {
  torch::manual_seed(1);
  return make_sequence(Json::array({Json::parse(layer)}))->forward(input);
}

std::vector<std::int64_t> size(const at::Tensor& tensor) { return tensor.sizes().vec(); }
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

TEST(Layers, ConvTranspose2dTakesPyTorchsArguments) {
  EXPECT_EQ(size(run(R"({"type":"conv_transpose2d","in_channels":8,"out_channels":3,"kernel_size":2,"stride":2})",
                     image(8, 16, 16))),
            (Size{2, 3, 32, 32}));
  EXPECT_EQ(size(run(R"({"type":"conv_transpose2d","in_channels":8,"out_channels":3,"kernel_size":[3,3],"stride":[2,2],
                        "padding":[1,1],"output_padding":[1,0]})",
                     image(8, 4, 4))),
            (Size{2, 3, 8, 7}));
}

TEST(Layers, PoolingAgreesWithTheFunctionalForm) {
  at::Tensor x = image(3, 7, 8);
  EXPECT_TRUE(at::equal(run(R"({"type":"max_pool2d","kernel_size":[2,2],"stride":[2,2],"ceil_mode":true})", x),
                        F::max_pool2d(x, F::MaxPool2dFuncOptions(2).stride(2).ceil_mode(true))));
  EXPECT_TRUE(at::equal(run(R"({"type":"avg_pool2d","kernel_size":3,"stride":null,"padding":1,"count_include_pad":false})", x),
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
  EXPECT_TRUE(at::allclose(run(R"({"type":"gelu","approximate":"tanh"})", x), 0.5 * x * (1 + at::tanh(inner)), 1e-4, 1e-6));
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

TEST(Layers, WrongLayersAreErrors) {
  EXPECT_THROW(make_layer(Json{{"type", "conv3d"}}), Error);
  EXPECT_THROW(make_layer(Json{{"type", "linear"}}), Error);
}

TEST(Autoencoder, InitialParametersAreThoseOfPyTorchForTheSeed) {
  torch::manual_seed(7);
  AutoencoderModule model(testing::tiny_autoencoder(), MemoryFormat::contiguous, at::kCPU);
  at::Tensor weight = model.parameters().front().second.flatten();
  // tests/golden/make_torch_answers.py
  EXPECT_NEAR(weight[0].item<double>(), 0.0134417, 1e-7);
  EXPECT_NEAR(weight[1].item<double>(), -0.1159307, 1e-7);
  EXPECT_NEAR(weight[2].item<double>(), 0.0612806, 1e-7);
}

TEST(Autoencoder, ParametersAndTheirGradientsAreChannelsLast) {
  torch::manual_seed(7);
  AutoencoderModule model(testing::tiny_native_autoencoder(), MemoryFormat::channels_last, at::kCPU);
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

TEST(Autoencoder, NamesFollowTheLayers) {
  AutoencoderModule model(testing::tiny_autoencoder(), MemoryFormat::channels_last, at::kCPU);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : model.parameters()) names.push_back(name);
  for (const auto& [name, tensor] : model.buffers()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "encoder.0.weight", "encoder.0.bias", "encoder.2.weight", "encoder.2.bias", "encoder.5.weight",
                       "encoder.5.bias", "decoder.0.weight", "decoder.0.bias", "decoder.2.weight", "decoder.2.bias",
                       "encoder.2.running_mean", "encoder.2.running_var", "encoder.2.num_batches_tracked"}));
}

TEST(Autoencoder, UnknownDevicesAreErrors) { EXPECT_THROW(device_from("toaster"), Error); }

}  // namespace
}  // namespace latentgrid::nn
