#include "nn/nt_xent.hpp"

#include <ATen/ATen.h>

#include <limits>

namespace latentgrid::nn {

at::Tensor nt_xent(const at::Tensor& projections, double temperature) {
  const std::int64_t rows = projections.size(0);
  const at::Tensor lengths = projections.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-8);
  const at::Tensor unit = projections / lengths;
  const at::Tensor itself = at::eye(rows, unit.options().dtype(at::kBool));
  const at::Tensor similarities = (at::matmul(unit, unit.t()) / temperature).masked_fill(itself, -std::numeric_limits<double>::infinity());
  const at::Tensor partners = at::arange(rows, unit.options().dtype(at::kLong)).add(rows / 2).remainder(rows);
  return at::cross_entropy_loss(similarities, partners);
}

}  // namespace latentgrid::nn
