#include "nn/effective_rank.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace latentgrid::nn {

double effective_rank(const at::Tensor& rows) {
  const at::Tensor values = rows.detach().to(at::kCPU, at::kDouble);
  if (!at::isfinite(values).all().item<bool>()) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor singular = at::linalg_svdvals(values);
  const double sum = singular.sum().item<double>();
  if (sum == 0) return 0;
  const at::Tensor shares = singular / sum;
  return std::exp(-at::xlogy(shares, shares).sum().item<double>());
}

}  // namespace latentgrid::nn
