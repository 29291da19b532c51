#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "nn/cluster_head.hpp"
#include "nn/compute.hpp"

namespace latentgrid::nn {

// Heads beside an encoder, which are to find its clusters: linear maps from the features to clusters that the views of an image are to
// have in common. The main heads give labels; as many further ones of more clusters help the features (Ji et al. 2019).
class ClusterHeadsImpl : public torch::nn::Module {
 public:
  // `overclusters`: 0 for no further heads.
  ClusterHeadsImpl(std::int64_t width, std::int64_t heads, std::int64_t clusters, std::int64_t overclusters);

  void begin_epoch();
  // Of the features of two views, 2b×width, rows i and i + b of one image: the mean loss of the main heads, and that of the further
  // ones, added. Notes what each main head has lost in this epoch so far, a mean over its images.
  at::Tensor loss(const at::Tensor& features);

 private:
  at::Tensor losses_of(torch::nn::Linear& linear, const at::Tensor& features) const;  // one a head
  void note(const at::Tensor& losses, std::int64_t images);

  std::int64_t heads_;
  torch::nn::Linear main_{nullptr}, over_{nullptr};  // the heads side by side
  at::Tensor losses_;                                // of the main heads, a buffer: a checkpoint says which one is best
  at::Tensor sums_;
  std::int64_t images_ = 0;
};
TORCH_MODULE(ClusterHeads);

// What a checkpoint calls them, behind "head.".
inline constexpr const char* cluster_heads_name = "clusters";

// The main head of least loss in the last epoch of a checkpoint (a folder written by Trainer::save), the first of equal ones; nothing
// where the training had none. Throws Error if it can't be read.
std::optional<ClusterHead> read_best_head(const std::filesystem::path& checkpoint, const Compute& compute);

}  // namespace latentgrid::nn
