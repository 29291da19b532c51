#include "neighbors/trustworthiness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

namespace {

// Σ max(0, rank - k) over the embedding's neighbors of one point; ranks count from 1.
std::int64_t excess_ranks(const float* distances, std::int64_t n, std::int64_t self, const std::int32_t* near,
                          std::int64_t k) {
  std::int64_t excess = 0;
  for (std::int64_t m = 0; m < k; ++m) {
    const std::int64_t j = near[m];
    std::int64_t rank = 1;
    for (std::int64_t other = 0; other < n; ++other) {
      const bool closer = distances[other] < distances[j] || (distances[other] == distances[j] && other < j);
      rank += closer && other != self;
    }
    excess += std::max<std::int64_t>(0, rank - k);
  }
  return excess;
}

}  // namespace

double trustworthiness(ConstMatrixRef original, ConstMatrixRef embedding, std::int64_t k, int threads) {
  const std::int64_t n = original.rows();
  if (embedding.rows() != n)
    throw Error(fmt::format("trustworthiness: {} points, {} in the embedding", n, embedding.rows()));
  if (k < 1 || 2 * k >= n) {
    throw Error(
        fmt::format("trustworthiness of {} neighbors among {} points: ask for fewer than half of the points", k, n));
  }
  const Neighbors near = nearest_neighbors(embedding, k, threads);
  const DistanceRows rows(original);
  std::vector<std::int64_t> excess(n);
  constexpr std::int64_t rows_a_block = 16;
  parallel_for((n + rows_a_block - 1) / rows_a_block, threads, [&](std::int64_t block) {
    const std::int64_t begin = block * rows_a_block, end = std::min(begin + rows_a_block, n);
    std::vector<float> distances((end - begin) * n);
    squared_distances(rows, begin, end, rows, 0, n, distances.data(), n);
    for (std::int64_t i = begin; i < end; ++i) {
      excess[i] = excess_ranks(distances.data() + (i - begin) * n, n, i, near.indices.data() + i * k, k);
    }
  });
  std::int64_t total = 0;
  for (std::int64_t value : excess) total += value;
  const auto points = static_cast<double>(n), neighbors = static_cast<double>(k);
  return 1 - 2 * static_cast<double>(total) / (points * neighbors * (2 * points - 3 * neighbors - 1));
}

}  // namespace latentgrid
