#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/noise_cluster.hpp"

namespace latentgrid {

// Clusters as a partition, in which noise is the last part.
struct Partition {
  explicit Partition(std::span<const std::int32_t> of_clusters) : of_points(of_clusters.begin(), of_clusters.end()) {
    if (of_points.empty()) return;
    const auto [least, largest] = std::minmax_element(of_points.begin(), of_points.end());
    if (*least < noise_cluster) throw Error("clusters are numbered from 0; -1 is noise");
    clusters = *largest + 1;
    has_noise = *least == noise_cluster;
    std::replace(of_points.begin(), of_points.end(), noise_cluster, static_cast<std::int32_t>(clusters));
  }
  std::int64_t count() const { return clusters + (has_noise ? 1 : 0); }

  std::vector<std::int32_t> of_points;  // the part of every point
  std::int64_t clusters = 0;
  bool has_noise = false;
};

}  // namespace latentgrid
