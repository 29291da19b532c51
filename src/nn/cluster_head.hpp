#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace latentgrid::nn {

// Clusters that a model was trained with, by what its encoder makes of an image: the largest value of a linear map, or the nearest center.
struct ClusterHead {
  std::optional<std::int64_t> number;  // among several heads
  at::Tensor weight, bias;             // k×width, k
  at::Tensor centers;                  // k×width; with these there is no map

  // The cluster of each row of `features`, b×width.
  std::vector<std::int32_t> clusters(const at::Tensor& features) const;
};

}  // namespace latentgrid::nn
