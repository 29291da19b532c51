#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "nn/cluster_head.hpp"
#include "nn/compute.hpp"

namespace latentgrid::nn {

// Soft assignments q of latents (b×d) to centers (k×d) by Student's t with one degree of freedom: q_ij proportional to
// 1 / (1 + |z_i - c_j|²), each row a distribution (DEC, equation 1).
at::Tensor soft_assignments(const at::Tensor& latents, const at::Tensor& centers);

// What the assignments are drawn to: p_ij proportional to q_ij² / f_j with f_j the sum of q_ij over all images (DEC, equation 3).
at::Tensor target_distribution(const at::Tensor& assignments);

// The mean over the rows of KL(p || q), with 0 log 0 = 0.
at::Tensor cluster_divergence(const at::Tensor& targets, const at::Tensor& assignments);

// The centers, and what is known of all images since the last update. Everything is saved with a checkpoint, so that a refinement goes
// on where it was interrupted, also between two updates.
struct ClusterTargetsImpl : torch::nn::Module {
  ClusterTargetsImpl(std::int64_t images, std::int64_t k, std::int64_t dim);
  at::Tensor forward(const at::Tensor& latents);  // q

  // With the assignments of all images (N×k) at this moment. Converged: no larger share than `tolerance` has changed its cluster, from
  // the second update on.
  void update(const at::Tensor& assignments, double tolerance);
  bool converged() const;
  std::int64_t updates() const;
  double share_changed() const;  // at the last update; 1 before there are two

  at::Tensor centers;          // a parameter, float32
  at::Tensor targets;          // float32 N×k
  at::Tensor clusters, state;  // int64 N: the cluster of largest q; updates, images that changed, whether it converged
};
TORCH_MODULE(ClusterTargets);

// The centers of a checkpoint (a folder written by Trainer::save) as a head; nothing
// where the model was not refined. Throws Error if it can't be read.
std::optional<ClusterHead> read_centers(const std::filesystem::path& checkpoint, const Compute& compute);

}  // namespace latentgrid::nn
