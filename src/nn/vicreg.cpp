#include "nn/vicreg.hpp"

#include <ATen/ATen.h>

#include <algorithm>

namespace latentgrid::nn {

namespace {

// Of one view: what its variances and its covariances lose.
at::Tensor regularization(const at::Tensor& view, const VicregWeights& weights) {
  constexpr double epsilon = 1e-4;
  const at::Tensor centered = view - view.mean(0);
  const at::Tensor covariances = at::matmul(centered.t(), centered) / std::max<std::int64_t>(view.size(0) - 1, 1);
  const at::Tensor deviations = (covariances.diagonal() + epsilon).sqrt();
  const at::Tensor variance = (1 - deviations).relu().mean();
  const at::Tensor itself = at::eye(view.size(1), view.options().dtype(at::kBool));
  const at::Tensor covariance = covariances.masked_fill(itself, 0).square().sum() / view.size(1);
  return variance * weights.variance + covariance * weights.covariance;
}

}  // namespace

at::Tensor vicreg_loss(const at::Tensor& first, const at::Tensor& second, const VicregWeights& weights) {
  return at::mse_loss(first, second) * weights.invariance + regularization(first, weights) + regularization(second, weights);
}

}  // namespace latentgrid::nn
