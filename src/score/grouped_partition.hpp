#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latentgrid {

// A clustering of points, laid out so that it can be compared with many others of the same points: O(points) a pair,
// whatever the numbers of clusters. Noise, cluster -1, is a cluster of its own, as to scikit-learn's metrics.
class GroupedPartition {
 public:
  // Throws Error for a number below -1.
  explicit GroupedPartition(std::span<const std::int32_t> clusters);

  std::int64_t points() const { return static_cast<std::int64_t>(part_of_.size()); }

  // adjusted_rand_index() of the two, to the bit the same in either order. Throws Error unless both have equally many
  // points. Thread-safe.
  double adjusted_rand_index(const GroupedPartition& other) const;

 private:
  std::int64_t squared_overlaps(const GroupedPartition& other) const;

  std::vector<std::int32_t> part_of_;  // of every point, numbered from 0 without gaps
  std::vector<std::int32_t> grouped_;  // the points, part by part
  std::vector<std::int32_t> ends_;     // in grouped_, of every part
  std::int64_t squared_sizes_ = 0;     // summed over the parts
};

}  // namespace latentgrid
