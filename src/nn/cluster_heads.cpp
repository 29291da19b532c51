#include "nn/cluster_heads.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include "nn/checkpoint.hpp"
#include "nn/mutual_information.hpp"

namespace latentgrid::nn {

ClusterHeadsImpl::ClusterHeadsImpl(std::int64_t width, std::int64_t heads, std::int64_t clusters, std::int64_t overclusters) : heads_(heads) {
  main_ = register_module("main", torch::nn::Linear(width, heads * clusters));
  if (overclusters > 0) over_ = register_module("over", torch::nn::Linear(width, heads * overclusters));
  losses_ = register_buffer("losses", at::zeros({heads}));
  begin_epoch();
}

void ClusterHeadsImpl::begin_epoch() {
  sums_ = at::zeros({heads_}, losses_.options().dtype(at::kDouble));
  images_ = 0;
}

at::Tensor ClusterHeadsImpl::loss(const at::Tensor& features) {
  const at::Tensor losses = losses_of(main_, features);
  if (is_training()) note(losses, features.size(0) / 2);  // not where held-out images are judged
  return over_.is_empty() ? losses.mean() : losses.mean() + losses_of(over_, features).mean();
}

at::Tensor ClusterHeadsImpl::losses_of(torch::nn::Linear& linear, const at::Tensor& features) const {
  const at::Tensor probabilities = at::softmax(linear->forward(features).view({features.size(0), heads_, -1}), 2);
  const std::int64_t images = features.size(0) / 2;
  return mutual_information_loss(probabilities.narrow(0, 0, images), probabilities.narrow(0, images, images));
}

void ClusterHeadsImpl::note(const at::Tensor& losses, std::int64_t images) {
  const at::NoGradGuard no_grad;
  sums_.add_(losses.detach().to(at::kDouble), images);
  images_ += images;
  losses_.copy_(sums_ / images_);
}

std::optional<ClusterHead> read_best_head(const std::filesystem::path& checkpoint, const Compute& compute) {
  const auto tensor = [&](const char* name) { return load_tensor(checkpoint, fmt::format("head.{}.{}", cluster_heads_name, name)); };
  const std::optional<at::Tensor> losses = tensor("losses");
  if (!losses) return std::nullopt;
  std::int64_t number = 0;
  for (std::int64_t head = 1; head < losses->numel(); ++head) {
    if ((*losses)[head].item<float>() < (*losses)[number].item<float>()) number = head;
  }
  const at::Tensor weight = tensor("main.weight").value(), bias = tensor("main.bias").value();
  const std::int64_t clusters = bias.numel() / losses->numel();
  const auto part = [&](const at::Tensor& all) { return all.narrow(0, number * clusters, clusters).to(compute.device()); };
  return ClusterHead{.number = number, .weight = part(weight), .bias = part(bias)};
}

}  // namespace latentgrid::nn
