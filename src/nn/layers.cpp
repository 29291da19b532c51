#include "nn/layers.hpp"

#include <fmt/format.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/pixelshuffle.h>
#include <torch/nn/modules/pooling.h>
#include <torch/nn/modules/upsampling.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/convolution.hpp"
#include "nn/dropout.hpp"
#include "nn/residual.hpp"
#include "nn/transposed_convolution.hpp"

namespace latentgrid::nn {

namespace {

using torch::nn::AnyModule;

// One integer for both dimensions, or [height, width].
torch::ExpandingArray<2> pair(const Json& layer, const char* name) {
  const Json& value = layer.at(name);
  if (value.is_array())
    return torch::ExpandingArray<2>({value.at(0).get<std::int64_t>(), value.at(1).get<std::int64_t>()});
  return torch::ExpandingArray<2>(value.get<std::int64_t>());
}

torch::ExpandingArray<2> pair_or(const Json& layer, const char* name, std::int64_t fallback) {
  return layer.contains(name) && !layer[name].is_null() ? pair(layer, name) : torch::ExpandingArray<2>(fallback);
}

template <typename T>
std::vector<T> both(const Json& value) {
  return value.is_array() ? value.get<std::vector<T>>() : std::vector<T>(2, value.get<T>());
}

bool given(const Json& layer, const char* name) {
  return layer.contains(name) && !layer[name].is_null();
}

AnyModule conv2d(const Json& layer) {
  torch::nn::Conv2dOptions options(layer.at("in_channels"), layer.at("out_channels"), pair(layer, "kernel_size"));
  options.stride(pair_or(layer, "stride", 1)).dilation(pair_or(layer, "dilation", 1));
  if (layer.value("padding", Json()) == "same") {
    options.padding(torch::kSame);
  } else {
    options.padding(pair_or(layer, "padding", 0));
  }
  options.groups(layer.value("groups", std::int64_t{1})).bias(layer.value("bias", true));
  std::string mode = layer.value("padding_mode", "zeros");
  if (mode == "reflect") options.padding_mode(torch::kReflect);
  if (mode == "replicate") options.padding_mode(torch::kReplicate);
  if (mode == "circular") options.padding_mode(torch::kCircular);
  return AnyModule(Convolution(options));
}

AnyModule conv_transpose2d(const Json& layer) {
  torch::nn::ConvTranspose2dOptions options(layer.at("in_channels"), layer.at("out_channels"),
                                            pair(layer, "kernel_size"));
  options.stride(pair_or(layer, "stride", 1)).dilation(pair_or(layer, "dilation", 1));
  options.padding(pair_or(layer, "padding", 0)).output_padding(pair_or(layer, "output_padding", 0));
  options.groups(layer.value("groups", std::int64_t{1})).bias(layer.value("bias", true));
  return AnyModule(TransposedConvolution(options));
}

AnyModule max_pool2d(const Json& layer) {
  torch::nn::MaxPool2dOptions options(pair(layer, "kernel_size"));
  if (given(layer, "stride")) options.stride(pair(layer, "stride"));
  options.padding(pair_or(layer, "padding", 0)).dilation(pair_or(layer, "dilation", 1));
  options.ceil_mode(layer.value("ceil_mode", false));
  return AnyModule(torch::nn::MaxPool2d(options));
}

AnyModule avg_pool2d(const Json& layer) {
  torch::nn::AvgPool2dOptions options(pair(layer, "kernel_size"));
  if (given(layer, "stride")) options.stride(pair(layer, "stride"));
  options.padding(pair_or(layer, "padding", 0));
  options.ceil_mode(layer.value("ceil_mode", false)).count_include_pad(layer.value("count_include_pad", true));
  return AnyModule(torch::nn::AvgPool2d(options));
}

AnyModule adaptive_avg_pool2d(const Json& layer) {
  const auto size = both<std::int64_t>(layer.at("output_size"));
  return AnyModule(torch::nn::AdaptiveAvgPool2d(torch::nn::AdaptiveAvgPool2dOptions({size.at(0), size.at(1)})));
}

AnyModule pixel_shuffle(const Json& layer) {
  return AnyModule(torch::nn::PixelShuffle(torch::nn::PixelShuffleOptions(layer.at("upscale_factor"))));
}

AnyModule upsample(const Json& layer) {
  torch::nn::UpsampleOptions options;
  if (given(layer, "size")) options.size(both<std::int64_t>(layer["size"]));
  if (given(layer, "scale_factor")) options.scale_factor(both<double>(layer["scale_factor"]));
  std::string mode = layer.value("mode", "nearest");
  if (mode == "bilinear") options.mode(torch::kBilinear);
  if (mode == "bicubic") options.mode(torch::kBicubic);
  if (mode != "nearest") options.align_corners(layer.value("align_corners", false));
  return AnyModule(torch::nn::Upsample(options));
}

torch::nn::BatchNormOptions batch_norm(const Json& layer) {
  torch::nn::BatchNormOptions options(layer.at("num_features").get<std::int64_t>());
  return options.eps(layer.value("eps", 1e-5)).momentum(layer.value("momentum", 0.1)).affine(layer.value("affine", true));
}

AnyModule layer_norm(const Json& layer) {
  const Json& shape = layer.at("normalized_shape");
  torch::nn::LayerNormOptions options(shape.is_array() ? shape.get<std::vector<std::int64_t>>()
                                                       : std::vector<std::int64_t>{shape.get<std::int64_t>()});
  options.eps(layer.value("eps", 1e-5)).elementwise_affine(layer.value("elementwise_affine", true));
  return AnyModule(torch::nn::LayerNorm(options));
}

AnyModule group_norm(const Json& layer) {
  torch::nn::GroupNormOptions options(layer.at("num_groups"), layer.at("num_channels"));
  return AnyModule(torch::nn::GroupNorm(options.eps(layer.value("eps", 1e-5)).affine(layer.value("affine", true))));
}

AnyModule linear(const Json& layer) {
  torch::nn::LinearOptions options(layer.at("in_features"), layer.at("out_features"));
  return AnyModule(torch::nn::Linear(options.bias(layer.value("bias", true))));
}

AnyModule leaky_relu(const Json& layer) {
  return AnyModule(
      torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(layer.value("negative_slope", 0.01))));
}

AnyModule gelu(const Json& layer) {
  return AnyModule(torch::nn::GELU(torch::nn::GELUOptions().approximate(layer.value("approximate", "none"))));
}

AnyModule unflatten(const Json& layer) {
  return AnyModule(torch::nn::Unflatten(
      torch::nn::UnflattenOptions(1, layer.at("unflattened_size").get<std::vector<std::int64_t>>())));
}

AnyModule elu(const Json& layer) {
  return AnyModule(torch::nn::ELU(torch::nn::ELUOptions().alpha(layer.value("alpha", 1.0))));
}

AnyModule softplus(const Json& layer) {
  torch::nn::SoftplusOptions options;
  return AnyModule(torch::nn::Softplus(options.beta(layer.value("beta", 1.0)).threshold(layer.value("threshold", 20.0))));
}

// These layers keep what went in, not what came out, for their gradient. (A transposed convolution does too, but gives
// a view, which autograd writes over at greater cost than it saves.)
bool leaves_its_output(const Json& layer) {
  const std::string type = layer.at("type");
  return type == "conv2d" || type == "linear" || type == "batch_norm1d" || type == "batch_norm2d" || type == "residual";
}

AnyModule residual(const Json& layer) {
  const Json projection = layer.value("projection", Json::array());
  const Json& list = layer.at("layers");
  if (list.empty()) throw Error("a residual without layers");
  torch::nn::Sequential layers = make_sequence(list);
  torch::nn::Sequential beside = projection.empty() ? torch::nn::Sequential(nullptr) : make_sequence(projection);
  return AnyModule(Residual(layers, beside, leaves_its_output(list.back())));
}

const std::map<std::string, std::function<AnyModule(const Json&)>>& makers() {
  static const std::map<std::string, std::function<AnyModule(const Json&)>> table = {
      {"conv2d", conv2d},
      {"conv_transpose2d", conv_transpose2d},
      {"max_pool2d", max_pool2d},
      {"avg_pool2d", avg_pool2d},
      {"adaptive_avg_pool2d", adaptive_avg_pool2d},
      {"pixel_shuffle", pixel_shuffle},
      {"upsample", upsample},
      {"batch_norm1d", [](const Json& layer) { return AnyModule(torch::nn::BatchNorm1d(batch_norm(layer))); }},
      {"batch_norm2d", [](const Json& layer) { return AnyModule(torch::nn::BatchNorm2d(batch_norm(layer))); }},
      {"layer_norm", layer_norm},
      {"group_norm", group_norm},
      {"linear", linear},
      {"leaky_relu", leaky_relu},
      {"elu", elu},
      {"selu", [](const Json&) { return AnyModule(torch::nn::SELU()); }},
      {"silu", [](const Json&) { return AnyModule(torch::nn::SiLU()); }},
      {"gelu", gelu},
      {"softplus", softplus},
      {"unflatten", unflatten},
      {"relu", [](const Json&) { return AnyModule(torch::nn::ReLU()); }},
      {"tanh", [](const Json&) { return AnyModule(torch::nn::Tanh()); }},
      {"sigmoid", [](const Json&) { return AnyModule(torch::nn::Sigmoid()); }},
      {"flatten", [](const Json&) { return AnyModule(torch::nn::Flatten()); }},
      {"dropout", [](const Json& layer) { return AnyModule(Dropout(layer.value("p", 0.5))); }},
      {"dropout2d", [](const Json& layer) { return AnyModule(torch::nn::Dropout2d(layer.value("p", 0.5))); }},
      {"residual", residual},
  };
  return table;
}

// Saves a pass over memory.
void overwrite_input(AnyModule& layer) {
  if (auto* relu = layer.ptr()->as<torch::nn::ReLU>()) relu->options.inplace(true);
  if (auto* leaky_relu = layer.ptr()->as<torch::nn::LeakyReLU>()) leaky_relu->options.inplace(true);
}

}  // namespace

torch::nn::AnyModule make_layer(const Json& layer) {
  try {
    std::string type = layer.at("type");
    auto maker = makers().find(type);
    if (maker == makers().end()) throw Error(fmt::format("no layer is called '{}'", type));
    return maker->second(layer);
  } catch (const Json::exception& error) {
    throw Error(fmt::format("bad layer {}: {}", layer.dump(), error.what()));
  }
}

torch::nn::Sequential make_sequence(const Json& layers) {
  torch::nn::Sequential sequence;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    AnyModule layer = make_layer(layers[i]);
    if (i > 0 && leaves_its_output(layers[i - 1])) overwrite_input(layer);
    sequence->push_back(std::move(layer));
  }
  return sequence;
}

}  // namespace latentgrid::nn
