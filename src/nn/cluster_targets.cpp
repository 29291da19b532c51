#include "nn/cluster_targets.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "nn/checkpoint.hpp"

namespace latentgrid::nn {

namespace {
enum State : std::int64_t { updates_done, images_changed, has_converged, numbers_of_state };
}

at::Tensor soft_assignments(const at::Tensor& latents, const at::Tensor& centers) {
  constexpr std::int64_t by_differences = 2;  // a product of matrices would lose the digits of small distances
  const at::Tensor distances = at::cdist(latents, centers, 2, by_differences).square();
  const at::Tensor kernel = (distances + 1).reciprocal();
  return kernel / kernel.sum(1, true);
}

at::Tensor target_distribution(const at::Tensor& assignments) {
  const at::Tensor weight = assignments.square() / assignments.sum(0);
  return weight / weight.sum(1, true);
}

at::Tensor cluster_divergence(const at::Tensor& targets, const at::Tensor& assignments) {
  return (at::xlogy(targets, targets) - at::xlogy(targets, assignments)).sum(1).mean();
}

ClusterTargetsImpl::ClusterTargetsImpl(std::int64_t images, std::int64_t k, std::int64_t dim)
    : centers(register_parameter("centers", at::zeros({k, dim}))),
      targets(register_buffer("targets", at::zeros({images, k}))),
      clusters(register_buffer("clusters", at::full({images}, -1, at::kLong))),
      state(register_buffer("state", at::zeros({numbers_of_state}, at::kLong))) {}

at::Tensor ClusterTargetsImpl::forward(const at::Tensor& latents) { return soft_assignments(latents, centers); }

void ClusterTargetsImpl::update(const at::Tensor& assignments, double tolerance) {
  const at::NoGradGuard no_grad;
  targets.copy_(target_distribution(assignments));
  const at::Tensor nearest = assignments.argmax(1);
  const std::int64_t changed = nearest.ne(clusters).sum().item<std::int64_t>();
  clusters.copy_(nearest);
  state[images_changed] = changed;
  state[has_converged] = updates() > 0 && share_changed() <= tolerance ? 1 : 0;
  state[updates_done] += 1;
}

bool ClusterTargetsImpl::converged() const { return state[has_converged].item<std::int64_t>() != 0; }

std::int64_t ClusterTargetsImpl::updates() const { return state[updates_done].item<std::int64_t>(); }

double ClusterTargetsImpl::share_changed() const {
  return static_cast<double>(state[images_changed].item<std::int64_t>()) / static_cast<double>(clusters.numel());
}

std::optional<ClusterHead> read_centers(const std::filesystem::path& checkpoint, const Compute& compute) {
  const std::optional<at::Tensor> loaded = load_tensor(checkpoint, "head.0.centers");
  if (!loaded) return std::nullopt;
  return ClusterHead{.centers = loaded->to(compute.device())};
}

}  // namespace latentgrid::nn
