#include "nn/cluster_head.hpp"

#include <ATen/ATen.h>

#include <span>

#include "nn/cluster_targets.hpp"

namespace latentgrid::nn {

std::vector<std::int32_t> ClusterHead::clusters(const at::Tensor& features) const {
  const at::Tensor likely = centers.defined() ? soft_assignments(features, centers) : at::linear(features, weight, bias);
  const at::Tensor found = likely.argmax(1).to(at::kCPU, at::kInt).contiguous();
  const std::span<const std::int32_t> values(found.data_ptr<std::int32_t>(), static_cast<std::size_t>(found.numel()));
  return {values.begin(), values.end()};
}

}  // namespace latentgrid::nn
