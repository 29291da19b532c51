#include "nn/residual.hpp"

#include <ATen/ATen.h>

#include <utility>

#include "nn/run_layers.hpp"

namespace latentgrid::nn {

ResidualImpl::ResidualImpl(torch::nn::Sequential layers, torch::nn::Sequential projection, bool overwrites)
    : layers_(register_module("layers", std::move(layers))), projection_(std::move(projection)), overwrites_(overwrites) {
  if (projection_) register_module("projection", projection_);
}

at::Tensor ResidualImpl::forward(const at::Tensor& input) {
  at::Tensor output = run_layers(layers_, input);
  const at::Tensor beside = projection_ ? run_layers(projection_, input) : input;
  return overwrites_ && output.scalar_type() == beside.scalar_type() ? output.add_(beside) : output + beside;
}

}  // namespace latentgrid::nn
