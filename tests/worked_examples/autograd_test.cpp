// Gradients that are easily derived wrongly, by their formulas and by LibTorch's autograd.

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/functional/batchnorm.h>
#include <torch/utils.h>

namespace latentgrid {
namespace {

at::Tensor drawn(at::IntArrayRef size) {
  torch::manual_seed(11);
  return at::randn(size, at::kDouble);
}

// With m values a channel: dx = 1/(mσ)·(m·dx̂ - Σdx̂ - x̂·Σ(x̂·dx̂)), dx̂ = γ·dy, dγ = Σ dy·x̂, dβ = Σ dy; σ holds eps.
TEST(Gradients, BatchNorm) {
  const double eps = 1e-5;
  at::Tensor x = drawn({5, 3, 4, 2}).requires_grad_();
  at::Tensor gamma = (drawn({3}) + 2).detach().requires_grad_(), beta = drawn({3}).requires_grad_();
  at::Tensor dy = drawn({5, 3, 4, 2}).cos();
  namespace F = torch::nn::functional;
  at::Tensor y = F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().weight(gamma).bias(beta).training(true).eps(eps));
  y.backward(dy);

  at::NoGradGuard no_grad;
  const std::vector<std::int64_t> over = {0, 2, 3};
  auto per_channel = [](const at::Tensor& t) { return t.reshape({1, 3, 1, 1}); };
  const double m = 5 * 4 * 2;
  at::Tensor sigma = (x.var(over, false, true) + eps).sqrt();
  at::Tensor normalized = (x - x.mean(over, true)) / sigma;
  at::Tensor d_normalized = per_channel(gamma) * dy;
  at::Tensor dx = (m * d_normalized - d_normalized.sum(over, true) - normalized * (normalized * d_normalized).sum(over, true)) /
                  (m * sigma);
  EXPECT_TRUE(at::allclose(x.grad(), dx, 1e-10, 1e-12));
  EXPECT_TRUE(at::allclose(gamma.grad(), (dy * normalized).sum(over), 1e-10, 1e-12));
  EXPECT_TRUE(at::allclose(beta.grad(), dy.sum(over), 1e-10, 1e-12));
  // The first report's dγ = Σ dy·γ is another number.
  EXPECT_FALSE(at::allclose(gamma.grad(), (dy * per_channel(gamma)).sum(over), 1e-3, 1e-3));
}

// ∂s_i/∂z_j = s_i(δ_ij - s_j).
TEST(Gradients, Softmax) {
  const std::int64_t n = 6;
  at::Tensor z = drawn({n}).requires_grad_();
  at::Tensor s = at::softmax(z, 0);
  at::Tensor rows = at::zeros({n, n}, at::kDouble);
  for (std::int64_t i = 0; i < n; ++i) {
    z.mutable_grad() = at::Tensor();
    s[i].backward({}, true);
    rows[i].copy_(z.grad());
  }
  at::NoGradGuard no_grad;
  EXPECT_TRUE(at::allclose(rows, s.unsqueeze(1) * (at::eye(n, at::kDouble) - s.unsqueeze(0)), 1e-10, 1e-12));
  // The first report's s_i(s_j - s_i) is another number.
  EXPECT_FALSE(at::allclose(rows, s.unsqueeze(1) * (s.unsqueeze(0) - s.unsqueeze(1)), 1e-3, 1e-3));
}

// Of -Σ y·log softmax(z), for y that sums to 1: softmax(z) - y.
TEST(Gradients, CrossEntropy) {
  at::Tensor z = drawn({6}).requires_grad_();
  at::Tensor y = at::softmax(drawn({6}).sin(), 0);
  (-(y * at::log_softmax(z, 0)).sum()).backward();
  EXPECT_TRUE(at::allclose(z.grad(), (at::softmax(z, 0) - y).detach(), 1e-10, 1e-12));

  at::Tensor logits = drawn({1, 6}).requires_grad_();
  at::cross_entropy_loss(logits, at::full({1}, 2, at::kLong)).backward();
  at::Tensor one_hot = at::zeros({1, 6}, at::kDouble);
  one_hot[0][2] = 1;
  EXPECT_TRUE(at::allclose(logits.grad(), (at::softmax(logits, 1) - one_hot).detach(), 1e-10, 1e-12));
}

}  // namespace
}  // namespace latentgrid
