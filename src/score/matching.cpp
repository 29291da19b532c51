#include "score/matching.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/error.hpp"

namespace latentgrid {

namespace {

// For rows <= columns: row of every column, or -1. Adds one row at a time along a shortest augmenting path.
std::vector<std::int32_t> match_rows(const CountMatrix& weights) {
  const auto rows = static_cast<std::int32_t>(weights.rows()), columns = static_cast<std::int32_t>(weights.cols());
  constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max();
  // Index 0 stands for 'none': rows and columns count from 1 here. Costs are negative weights.
  std::vector<std::int64_t> row_potential(rows + 1), column_potential(columns + 1);
  std::vector<std::int32_t> row_of(columns + 1);
  for (std::int32_t added = 1; added <= rows; ++added) {
    std::vector<std::int64_t> slack(columns + 1, infinity);
    std::vector<std::int32_t> previous(columns + 1);
    std::vector<bool> visited(columns + 1);
    std::int32_t column = 0;
    row_of[0] = added;
    do {
      visited[column] = true;
      const std::int32_t row = row_of[column];
      std::int64_t least = infinity;
      std::int32_t next = 0;
      for (std::int32_t c = 1; c <= columns; ++c) {
        if (visited[c]) continue;
        const std::int64_t reduced = -weights(row - 1, c - 1) - row_potential[row] - column_potential[c];
        if (reduced < slack[c]) {
          slack[c] = reduced;
          previous[c] = column;
        }
        if (slack[c] < least) {
          least = slack[c];
          next = c;
        }
      }
      for (std::int32_t c = 0; c <= columns; ++c) {
        if (visited[c]) {
          row_potential[row_of[c]] += least;
          column_potential[c] -= least;
        } else {
          slack[c] -= least;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    for (; column != 0; column = previous[column]) row_of[column] = row_of[previous[column]];
  }
  std::vector<std::int32_t> out(columns);
  for (std::int32_t c = 0; c < columns; ++c) out[c] = row_of[c + 1] - 1;
  return out;
}

}  // namespace

std::vector<std::int32_t> best_matching(const CountMatrix& weights) {
  if (weights.rows() > weights.cols()) return match_rows(weights.transpose());
  const std::vector<std::int32_t> row_of = match_rows(weights);
  std::vector<std::int32_t> column_of(weights.rows(), -1);
  for (std::size_t c = 0; c < row_of.size(); ++c) {
    if (row_of[c] >= 0) column_of[row_of[c]] = static_cast<std::int32_t>(c);
  }
  return column_of;
}

CountMatrix confusion_matrix(std::span<const std::int32_t> clusters, std::span<const std::int32_t> labels,
                             std::int64_t cluster_count, std::int64_t class_count) {
  if (clusters.size() != labels.size()) {
    throw Error(fmt::format("{} points have a cluster, {} have a label", clusters.size(), labels.size()));
  }
  CountMatrix counts = CountMatrix::Zero(cluster_count, class_count);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == -1) continue;
    if (clusters[i] < 0 || clusters[i] >= cluster_count || labels[i] < 0 || labels[i] >= class_count) {
      throw Error(fmt::format("point {}: cluster {} of {}, label {} of {}", i, clusters[i], cluster_count, labels[i],
                              class_count));
    }
    ++counts(clusters[i], labels[i]);
  }
  return counts;
}

}  // namespace latentgrid
