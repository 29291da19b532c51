#include "nn/effective_rank.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace latentgrid::nn {

double effective_rank(const at::Tensor& rows) {
  const at::Tensor values = rows.detach().to(at::kCPU, at::kDouble);
  if (!at::isfinite(values).all().item<bool>()) return std::numeric_limits<double>::quiet_NaN();
  // Of the smaller of the two products of it with itself: many times faster than its own, and as exact for what counts in an entropy.
  const at::Tensor gram = values.size(0) < values.size(1) ? values.mm(values.t()) : values.t().mm(values);
  const at::Tensor singular = at::linalg_eigvalsh(gram).clamp_min(0).sqrt();
  const double sum = singular.sum().item<double>();
  if (sum == 0) return 0;
  const at::Tensor shares = singular / sum;
  return std::exp(-at::xlogy(shares, shares).sum().item<double>());
}

}  // namespace latentgrid::nn
