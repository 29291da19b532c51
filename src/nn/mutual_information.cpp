#include "nn/mutual_information.hpp"

#include <ATen/ATen.h>

namespace latentgrid::nn {

namespace {

// What is impossible adds nothing: 0 log 0 is 0, in the gradient too.
at::Tensor finite_log(const at::Tensor& probabilities) {
  constexpr double least = 1e-16;
  return probabilities.clamp_min(least).log();
}

}  // namespace

at::Tensor mutual_information_loss(const at::Tensor& first, const at::Tensor& second) {
  const at::Tensor counted = at::bmm(first.permute({1, 2, 0}), second.permute({1, 0, 2})) / first.size(0);
  const at::Tensor joint = (counted + counted.transpose(1, 2)) / 2;
  const at::Tensor logs = finite_log(joint.sum(2));  // of rows and of columns: it is symmetric
  return (joint * (logs.unsqueeze(2) + logs.unsqueeze(1) - finite_log(joint))).sum({1, 2});
}

}  // namespace latentgrid::nn
