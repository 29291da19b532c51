#include "neighbors/affinities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr int bisection_steps = 100;
constexpr double entropy_tolerance = 1e-5;
constexpr std::int64_t rows_a_block = 64;

// One row of the search. Distances are taken from the nearest on: probabilities and entropy stay what they are, and the
// largest exponential is 1, so that far points don't underflow together.
void search_row(const float* distances, std::int64_t k, double desired_entropy, double* p) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double beta = 1, lowest = -infinity, highest = infinity;
  for (int step = 0; step < bisection_steps; ++step) {
    double sum = 0, weighted = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const double distance = static_cast<double>(distances[j]) - distances[0];
      p[j] = std::exp(-beta * distance);
      sum += p[j];
      weighted += distance * p[j];
    }
    for (std::int64_t j = 0; j < k; ++j) p[j] /= sum;
    const double excess = std::log(sum) + beta * weighted / sum - desired_entropy;
    if (std::abs(excess) <= entropy_tolerance) return;
    if (excess > 0) {
      lowest = beta;
      beta = highest == infinity ? beta * 2 : (beta + highest) / 2;
    } else {
      highest = beta;
      beta = lowest == -infinity ? beta / 2 : (beta + lowest) / 2;
    }
  }
}

struct Entry {
  std::int32_t column;
  double value;
};

// Rows of P + Pᵀ, before the division, columns ascending.
std::vector<std::vector<Entry>> symmetrised_rows(const Neighbors& neighbors, const std::vector<double>& p) {
  std::vector<std::vector<Entry>> rows(neighbors.count);
  for (std::int32_t i = 0; i < neighbors.count; ++i) {
    for (std::int64_t e = i * neighbors.k; e < (i + 1) * neighbors.k; ++e) {
      const std::int32_t j = neighbors.indices[e];
      rows[i].push_back({j, p[e]});
      rows[j].push_back({i, p[e]});
    }
  }
  for (auto& row : rows) {
    std::stable_sort(row.begin(), row.end(), [](const Entry& a, const Entry& b) { return a.column < b.column; });
    std::size_t kept = 0;
    for (const Entry& entry : row) {
      // At most two summands meet here, so that their order doesn't matter.
      if (kept > 0 && row[kept - 1].column == entry.column) {
        row[kept - 1].value += entry.value;
      } else {
        row[kept++] = entry;
      }
    }
    row.resize(kept);
  }
  return rows;
}

}  // namespace

std::int64_t affinity_neighbors(std::int64_t points, double perplexity) {
  return std::min(points - 1, static_cast<std::int64_t>(3 * perplexity + 1));
}

std::vector<double> conditional_probabilities(const Neighbors& neighbors, double perplexity, int threads) {
  if (!(perplexity > 0) || perplexity >= static_cast<double>(neighbors.count)) {
    throw Error(fmt::format("perplexity {} of {} points: it must be positive and below the number of points",
                            perplexity, neighbors.count));
  }
  std::vector<double> p(neighbors.indices.size());
  const std::int64_t blocks = (neighbors.count + rows_a_block - 1) / rows_a_block;
  parallel_for(blocks, threads, [&](std::int64_t block) {
    const std::int64_t end = std::min((block + 1) * rows_a_block, neighbors.count);
    for (std::int64_t i = block * rows_a_block; i < end; ++i) {
      search_row(neighbors.distances.data() + i * neighbors.k, neighbors.k, std::log(perplexity),
                 p.data() + i * neighbors.k);
    }
  });
  return p;
}

SparseRows joint_probabilities(const Neighbors& neighbors, double perplexity, int threads) {
  const std::vector<double> p = conditional_probabilities(neighbors, perplexity, threads);
  const std::vector<std::vector<Entry>> rows = symmetrised_rows(neighbors, p);
  double total = 0;
  for (const auto& row : rows) {
    for (const Entry& entry : row) total += entry.value;
  }
  SparseRows out;
  out.starts.push_back(0);
  for (const auto& row : rows) {
    for (const Entry& entry : row) {
      out.columns.push_back(entry.column);
      out.values.push_back(static_cast<float>(entry.value / total));
    }
    out.starts.push_back(static_cast<std::int64_t>(out.columns.size()));
  }
  return out;
}

}  // namespace latentgrid
