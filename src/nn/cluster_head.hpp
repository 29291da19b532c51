#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace latentgrid::nn {

// Clusters that a model was trained with: a linear map from what its encoder makes of an image.
struct ClusterHead {
  std::optional<std::int64_t> number;  // among several heads
  at::Tensor weight, bias;             // k×width, k

  // The most probable cluster of each row of `features`, b×width.
  std::vector<std::int32_t> clusters(const at::Tensor& features) const;
};

}  // namespace latentgrid::nn
