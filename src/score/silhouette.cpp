#include "score/silhouette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "score/partition.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t row_block = 32, column_block = 512;

double coefficient(const double* distance_sums, const std::vector<std::int64_t>& sizes, std::int32_t own) {
  if (sizes[own] == 1) return 0;
  const double inside = distance_sums[own] / static_cast<double>(sizes[own] - 1);
  double outside = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    if (static_cast<std::int32_t>(c) != own && sizes[c] > 0) {
      outside = std::min(outside, distance_sums[c] / static_cast<double>(sizes[c]));
    }
  }
  const double larger = std::max(inside, outside);
  return larger > 0 ? (outside - inside) / larger : 0;
}

}  // namespace

double silhouette(ConstMatrixRef points, std::span<const std::int32_t> clusters_or_noise, int threads) {
  const std::int64_t n = points.rows();
  if (static_cast<std::int64_t>(clusters_or_noise.size()) != n) {
    throw Error(fmt::format("silhouette: {} points, {} have a cluster", n, clusters_or_noise.size()));
  }
  const Partition parts(clusters_or_noise);
  const std::vector<std::int32_t>& clusters = parts.of_points;
  std::vector<std::int64_t> sizes(parts.count());
  for (std::int32_t cluster : clusters) ++sizes[cluster];
  const auto used = std::count_if(sizes.begin(), sizes.end(), [](std::int64_t size) { return size > 0; });
  if (used < 2 || used > n - 1) {
    throw Error(fmt::format("silhouette: {} points in {} clusters; it takes 2 to n - 1 clusters", n, used));
  }
  const DistanceRows rows(points);
  const auto k = static_cast<std::int64_t>(sizes.size());
  std::vector<double> coefficients(n);
  parallel_for((n + row_block - 1) / row_block, threads, [&](std::int64_t block) {
    const std::int64_t begin = block * row_block, end = std::min(begin + row_block, n);
    std::vector<float> distances(row_block * column_block);
    std::vector<double> sums((end - begin) * k);
    for (std::int64_t from = 0; from < n; from += column_block) {
      const std::int64_t to = std::min(from + column_block, n);
      squared_distances(rows, begin, end, rows, from, to, distances.data(), column_block);
      for (std::int64_t i = begin; i < end; ++i) {
        const float* row = distances.data() + (i - begin) * column_block;
        for (std::int64_t j = from; j < to; ++j) sums[(i - begin) * k + clusters[j]] += std::sqrt(row[j - from]);
      }
    }
    for (std::int64_t i = begin; i < end; ++i)
      coefficients[i] = coefficient(&sums[(i - begin) * k], sizes, clusters[i]);
  });
  double sum = 0;
  for (double value : coefficients) sum += value;
  return sum / static_cast<double>(n);
}

}  // namespace latentgrid
