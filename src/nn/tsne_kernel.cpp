#include "nn/tsne_kernel.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "nn/compute.hpp"

namespace latentgrid::nn {

namespace {

constexpr std::int64_t pairs_at_once = 1 << 26;

// 1 / (1 + |y_i - y_j|² / ν) of every pair, by differences: products would cancel for near points. (at::cdist takes a
// block of threads for a pair, which is slow for few dimensions.)
at::Tensor similarities(const at::Tensor& own, const at::Tensor& all, double freedom) {
  at::Tensor s = at::full({own.size(0), all.size(0)}, freedom, all.options());
  at::Tensor difference = at::empty_like(s);
  for (std::int64_t k = 0; k < all.size(1); ++k) {
    at::sub_out(difference, own.narrow(1, k, 1), all.select(1, k));
    s.addcmul_(difference, difference);
  }
  return s.reciprocal_().mul_(freedom);
}

}  // namespace

Repulsion tsne_repulsion(const MatrixRf& embedding, const std::string& device) {
  const c10::InferenceMode no_autograd;
  const Compute compute({.device = device});
  const std::int64_t points = embedding.rows(), dim = embedding.cols();
  const double freedom = static_cast<double>(tsne_degrees_of_freedom(dim));
  // from_blob takes a mutable pointer; the tensor is only read.
  const at::Tensor all =
      at::from_blob(const_cast<float*>(embedding.data()), {points, dim}, at::kFloat).to(compute.device());
  // A product with these gives Σ_j w_ij·s_ij·y_j and Σ_j w_ij·s_ij at once.
  const at::Tensor with_one = at::cat({all, at::ones({points, 1}, all.options())}, 1);
  at::Tensor normalizer = at::zeros({}, all.options().dtype(at::kDouble));
  std::vector<at::Tensor> forces;
  const std::int64_t rows = std::max<std::int64_t>(1, pairs_at_once / points);
  for (std::int64_t first = 0; first < points; first += rows) {
    const at::Tensor own = all.narrow(0, first, std::min(rows, points - first));
    at::Tensor s = similarities(own, all, freedom);
    s.diagonal(first).zero_();  // a point's own 1 would outweigh all others
    const at::Tensor w = freedom == 1 ? s : s.pow((freedom + 1) / 2);
    normalizer.add_(w.sum(at::kDouble));
    const at::Tensor sums = s.mul(w).mm(with_one).to(at::kDouble);
    forces.push_back(sums.narrow(1, dim, 1) * own.to(at::kDouble) - sums.narrow(1, 0, dim));
  }
  const at::Tensor plain = at::cat(forces).to(at::kCPU).contiguous();
  return {{plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel()}, normalizer.item<double>()};
}

}  // namespace latentgrid::nn
