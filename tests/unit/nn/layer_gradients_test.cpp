// The gradients of layers in float64 by central differences, and those of float32 (with what runs fused there) by float64.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/utils.h>

#include <set>

#include "model/layers.hpp"
#include "nn/layers.hpp"
#include "nn/run_layers.hpp"
#include "unit/nn/difference.hpp"

namespace latentgrid::nn {
namespace {

using testing::difference;
using Size = std::vector<std::int64_t>;

struct Case {
  const char* layers;
  Size input;
};

const Size map = {3, 4, 6, 5}, vectors = {5, 12};

const std::vector<Case> cases{
    {R"([{"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":[4,3],"padding":"same"}])", map},
    {R"([{"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":2,"padding":"same","padding_mode":"circular"}])", map},
    {R"([{"type":"batch_norm1d","num_features":12}])", vectors},
    {R"([{"type":"layer_norm","normalized_shape":[4,6,5]}])", map},
    {R"([{"type":"layer_norm","normalized_shape":12}])", vectors},
    {R"([{"type":"group_norm","num_groups":2,"num_channels":4}])", map},
    {R"([{"type":"elu","alpha":0.7}])", vectors},
    {R"([{"type":"selu"}])", vectors},
    {R"([{"type":"silu"}])", vectors},
    {R"([{"type":"softplus","beta":2,"threshold":3}])", vectors},
    {R"([{"type":"dropout2d","p":0.4}])", map},
    {R"([{"type":"pixel_shuffle","upscale_factor":2}])", map},
    {R"([{"type":"adaptive_avg_pool2d","output_size":1}])", map},
    {R"([{"type":"adaptive_avg_pool2d","output_size":[4,7]}])", map},
    {R"([{"type":"residual","layers":[{"type":"conv2d","in_channels":4,"out_channels":4,"kernel_size":3,"padding":1},
          {"type":"batch_norm2d","num_features":4},{"type":"silu"}]}, {"type":"relu"}])", map},
    {R"([{"type":"residual","layers":[{"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":3,"stride":2,"padding":1},
          {"type":"relu"},{"type":"residual","layers":[{"type":"batch_norm2d","num_features":2}]}],
          "projection":[{"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":1,"stride":2,"bias":false}]}])", map},
    {R"([{"type":"residual","layers":[{"type":"linear","in_features":12,"out_features":7},{"type":"elu"}],
          "projection":[{"type":"linear","in_features":12,"out_features":7,"bias":false},
          {"type":"batch_norm1d","num_features":7}]}])", vectors},
};

// Of one number: the outputs, each with a weight of its own.
double weighed(torch::nn::Sequential& layers, const at::Tensor& x) {
  torch::manual_seed(4);  // what dropout draws
  const at::Tensor y = run_layers(layers, x);
  return (y * at::arange(y.numel(), at::kDouble).reshape(y.sizes()).cos()).sum().item<double>();
}

std::vector<at::Tensor> gradients(torch::nn::Sequential& layers, const at::Tensor& x) {
  torch::manual_seed(4);
  layers->zero_grad();
  const at::Tensor leaf = x.detach().clone(x.suggest_memory_format()).set_requires_grad(true), y = run_layers(layers, leaf);
  y.backward(at::arange(y.numel(), at::kDouble).reshape(y.sizes()).cos().to(y.scalar_type()));
  std::vector<at::Tensor> all{leaf.grad()};
  for (const at::Tensor& parameter : layers->parameters()) all.push_back(parameter.grad());
  return all;
}

TEST(LayerGradients, AreTheirDifferences) {
  for (const Case& c : cases) {
    torch::manual_seed(3);
    torch::nn::Sequential layers = make_sequence(Json::parse(c.layers));
    layers->to(at::kDouble);
    at::Tensor x = at::randn(c.input, at::kDouble);
    const std::vector<at::Tensor> exact = gradients(layers, x);
    std::vector<at::Tensor> varied{x};
    for (const at::Tensor& parameter : layers->parameters()) varied.push_back(parameter.detach());
    const at::NoGradGuard no_graph;
    constexpr double step = 1e-6;
    for (std::size_t part = 0; part < varied.size(); ++part) {
      auto* values = varied[part].data_ptr<double>();
      at::Tensor found = at::zeros_like(varied[part]);
      for (std::int64_t i = 0; i < varied[part].numel(); ++i) {
        const double value = values[i];
        values[i] = value + step;
        const double above = weighed(layers, x);
        values[i] = value - step;
        found.data_ptr<double>()[i] = (above - weighed(layers, x)) / (2 * step);
        values[i] = value;
      }
      EXPECT_LT((found - exact[part]).abs().max().item<double>(), 1e-6 * (1 + exact[part].abs().max().item<double>()))
          << c.layers << " part " << part;
    }
  }
}

// Wide enough for Winograd's convolution and the fused batch norm.
constexpr const char* wide_block = R"([
    {"type":"conv2d","in_channels":16,"out_channels":32,"kernel_size":3,"padding":1,"bias":false},
    {"type":"batch_norm2d","num_features":32},{"type":"relu"},
    {"type":"residual","layers":[
      {"type":"conv2d","in_channels":32,"out_channels":32,"kernel_size":3,"padding":1,"bias":false},
      {"type":"batch_norm2d","num_features":32},{"type":"relu"},
      {"type":"conv2d","in_channels":32,"out_channels":32,"kernel_size":3,"padding":1,"bias":false},
      {"type":"batch_norm2d","num_features":32}]},
    {"type":"relu"},
    {"type":"residual","layers":[
      {"type":"conv2d","in_channels":32,"out_channels":48,"kernel_size":3,"stride":2,"padding":1,"bias":false},
      {"type":"batch_norm2d","num_features":48},{"type":"relu"},
      {"type":"conv2d","in_channels":48,"out_channels":48,"kernel_size":3,"padding":1,"bias":false},
      {"type":"batch_norm2d","num_features":48}],
     "projection":[{"type":"conv2d","in_channels":32,"out_channels":48,"kernel_size":1,"stride":2,"bias":false},
      {"type":"batch_norm2d","num_features":48}]},
    {"type":"relu"}])";

TEST(LayerGradients, OfFusedBlocksAreThoseOfFloat64) {
  torch::manual_seed(8);
  torch::nn::Sequential single = make_sequence(Json::parse(wide_block)), exact = make_sequence(Json::parse(wide_block));
  exact->to(at::kDouble);
  const at::NoGradGuard no_graph;
  for (std::size_t i = 0; i < single->parameters().size(); ++i) {
    at::Tensor parameter = single->parameters()[i];
    exact->parameters()[i].copy_(parameter.to(at::kDouble));
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
  }
  const at::Tensor x = at::randn({6, 16, 16, 16}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::AutoGradMode graph(true);
  const auto got = gradients(single, x), expected = gradients(exact, x.to(at::kDouble));
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_LT(difference(got[i], expected[i]), 1e-4) << i;
  for (std::size_t i = 0; i < single->buffers().size(); ++i) {
    EXPECT_LT(difference(single->buffers()[i], exact->buffers()[i].to(at::kDouble)), 1e-5) << i;
  }
}

}  // namespace
}  // namespace latentgrid::nn
