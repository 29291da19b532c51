#include "score/silhouette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "score/partition.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t row_block = 32, column_block = 128;
constexpr std::int64_t most_sums = 1 << 16;  // clusters of the clusterings that are scored together: 16 MB a thread

using OfRows = std::array<double, row_block>;  // a value of each row of a block

struct ScoredPartition {
  explicit ScoredPartition(std::span<const std::int32_t> clusters) : parts(clusters), sizes(parts.count()) {
    for (std::int32_t part : parts.of_points) ++sizes[part];
  }
  bool is_defined() const { return used() >= 2 && used() < static_cast<std::int64_t>(parts.of_points.size()); }
  std::int64_t used() const {
    return std::count_if(sizes.begin(), sizes.end(), [](std::int64_t size) { return size > 0; });
  }

  Partition parts;
  std::vector<std::int64_t> sizes;
};

// `row` of a block, whose distances to each part are summed.
double coefficient(const OfRows* distance_sums, std::int64_t row, const std::vector<std::int64_t>& sizes, std::int32_t own) {
  if (sizes[own] == 1) return 0;
  const double inside = distance_sums[own][row] / static_cast<double>(sizes[own] - 1);
  double outside = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    if (static_cast<std::int32_t>(c) != own && sizes[c] > 0) {
      outside = std::min(outside, distance_sums[c][row] / static_cast<double>(sizes[c]));
    }
  }
  const double larger = std::max(inside, outside);
  return larger > 0 ? (outside - inside) / larger : 0;
}

// Scores clusterings together, whose distances are computed once.
class SilhouetteBatch {
 public:
  SilhouetteBatch(const DistanceRows& rows, std::span<const ScoredPartition* const> partitions) : rows_(rows), partitions_(partitions) {
    for (const ScoredPartition* partition : partitions_) {
      firsts_.push_back(sums_);
      sums_ += partition->parts.count();
      coefficients_.emplace_back(rows.count());
    }
  }

  std::int64_t blocks() const { return (rows_.count() + row_block - 1) / row_block; }

  // Thread-safe for different blocks.
  void score(std::int64_t block) {
    const std::int64_t n = rows_.count(), begin = block * row_block, end = std::min(begin + row_block, n);
    std::vector<float> squared(row_block * column_block);
    std::vector<OfRows> distances(column_block, OfRows{}), sums(sums_, OfRows{});
    for (std::int64_t from = 0; from < n; from += column_block) {
      const std::int64_t to = std::min(from + column_block, n);
      squared_distances(rows_, begin, end, rows_, from, to, squared.data(), column_block);
      for (std::int64_t i = 0; i < end - begin; ++i) {
        for (std::int64_t j = 0; j < to - from; ++j) distances[j][i] = std::sqrt(squared[i * column_block + j]);
      }
      for (std::size_t p = 0; p < partitions_.size(); ++p) {
        add(distances, to - from, partitions_[p]->parts.of_points.data() + from, &sums[firsts_[p]]);
      }
    }
    for (std::size_t p = 0; p < partitions_.size(); ++p) {
      const ScoredPartition& partition = *partitions_[p];
      for (std::int64_t i = begin; i < end; ++i) {
        coefficients_[p][i] = coefficient(&sums[firsts_[p]], i - begin, partition.sizes, partition.parts.of_points[i]);
      }
    }
  }

  double mean(std::size_t partition) const {
    double sum = 0;
    for (double value : coefficients_[partition]) sum += value;
    return sum / static_cast<double>(rows_.count());
  }

 private:
  static void add(const std::vector<OfRows>& distances, std::int64_t count, const std::int32_t* parts, OfRows* sums) {
    for (std::int64_t j = 0; j < count; ++j) {
      OfRows& sum = sums[parts[j]];
      for (std::int64_t i = 0; i < row_block; ++i) sum[i] += distances[j][i];
    }
  }

  const DistanceRows& rows_;
  std::span<const ScoredPartition* const> partitions_;
  std::vector<std::int64_t> firsts_;  // of each partition, its first sum
  std::int64_t sums_ = 0;
  std::vector<std::vector<double>> coefficients_;  // of each partition, of each point
};

void require_a_cluster_each(ConstMatrixRef points, std::span<const std::int32_t> clusters) {
  if (static_cast<std::int64_t>(clusters.size()) == points.rows()) return;
  throw Error(fmt::format("silhouette: {} points, {} have a cluster", points.rows(), clusters.size()));
}

}  // namespace

double silhouette(ConstMatrixRef points, std::span<const std::int32_t> clusters, int threads) {
  const std::optional<double> found = silhouettes(points, {{clusters.begin(), clusters.end()}}, threads).front();
  if (found) return *found;
  throw Error(fmt::format("silhouette: {} points in {} clusters; it takes 2 to n - 1 clusters", points.rows(),
                          ScoredPartition(clusters).used()));
}

std::vector<std::optional<double>> silhouettes(ConstMatrixRef points, const std::vector<std::vector<std::int32_t>>& clusterings,
                                               int threads, const WorkProgress& progress) {
  std::vector<ScoredPartition> partitions;
  for (const std::vector<std::int32_t>& clusters : clusterings) {
    require_a_cluster_each(points, clusters);
    partitions.emplace_back(clusters);
  }
  const DistanceRows rows(points);
  std::vector<std::optional<double>> found(partitions.size());
  for (std::size_t next = 0; next < partitions.size();) {
    std::vector<const ScoredPartition*> together;
    std::vector<std::size_t> places;
    const std::size_t first = next;
    for (std::int64_t sums = 0; next < partitions.size() && (together.empty() || sums + partitions[next].parts.count() <= most_sums); ++next) {
      if (!partitions[next].is_defined()) continue;
      sums += partitions[next].parts.count();
      together.push_back(&partitions[next]);
      places.push_back(next);
    }
    SilhouetteBatch batch(rows, together);
    std::atomic<std::int64_t> done = 0;
    parallel_for_workers(together.empty() ? 0 : batch.blocks(), threads, [&](std::int64_t block, int worker) {
      batch.score(block);
      ++done;
      if (worker != 0 || !progress) return;
      const double share = static_cast<double>(done) / static_cast<double>(batch.blocks());
      progress((static_cast<double>(first) + share * static_cast<double>(next - first)) / static_cast<double>(partitions.size()));
    });
    for (std::size_t p = 0; p < places.size(); ++p) found[places[p]] = batch.mean(p);
  }
  return found;
}

}  // namespace latentgrid
