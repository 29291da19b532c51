#include "score/grouped_partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "score/agreement.hpp"
#include "score/partition.hpp"

namespace latentgrid {

GroupedPartition::GroupedPartition(std::span<const std::int32_t> clusters) {
  Partition parts(clusters);
  std::vector<std::int32_t> sizes(parts.count()), number_of(parts.count());
  for (std::int32_t part : parts.of_points) ++sizes[part];
  std::int32_t begin = 0;
  for (std::size_t part = 0; part < sizes.size(); ++part) {
    if (sizes[part] == 0) continue;
    number_of[part] = static_cast<std::int32_t>(ends_.size());
    ends_.push_back(begin);  // moves to the end as points come in
    begin += sizes[part];
    squared_sizes_ += static_cast<std::int64_t>(sizes[part]) * sizes[part];
  }
  part_of_ = std::move(parts.of_points);
  grouped_.resize(part_of_.size());
  for (std::size_t point = 0; point < part_of_.size(); ++point) {
    part_of_[point] = number_of[part_of_[point]];
    grouped_[ends_[part_of_[point]]++] = static_cast<std::int32_t>(point);
  }
}

std::int64_t GroupedPartition::squared_overlaps(const GroupedPartition& other) const {
  std::vector<std::int32_t> counts(other.ends_.size());
  const std::int32_t* others = other.part_of_.data();
  std::int64_t sum = 0;
  std::int32_t begin = 0;
  for (std::int32_t end : ends_) {
    // (c + 1)² - c² = 2c + 1
    for (std::int32_t i = begin; i < end; ++i) sum += 2 * counts[others[grouped_[i]]]++ + 1;
    const bool few = end - begin < static_cast<std::int32_t>(counts.size());
    if (few) {
      for (std::int32_t i = begin; i < end; ++i) counts[others[grouped_[i]]] = 0;
    } else {
      counts.assign(counts.size(), 0);
    }
    begin = end;
  }
  return sum;
}

double GroupedPartition::adjusted_rand_index(const GroupedPartition& other) const {
  if (points() != other.points()) {
    throw Error(fmt::format("clusterings of {} and of {} points cannot be compared", points(), other.points()));
  }
  // The formula rounds: the larger sum comes first, so that both orders give the same.
  const auto [larger, smaller] = std::minmax(other.squared_sizes_, squared_sizes_, std::greater<>());
  return latentgrid::adjusted_rand_index(SquaredCounts{static_cast<double>(squared_overlaps(other)),
                                                       static_cast<double>(larger), static_cast<double>(smaller),
                                                       static_cast<double>(points())});
}

}  // namespace latentgrid
