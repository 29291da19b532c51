#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>

namespace latentgrid {

using CountMatrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Column of every row in an assignment of largest total weight: no column is used twice; min(rows, columns) rows get
// one, the others -1. The Hungarian method with potentials (Kuhn 1955, Jonker and Volgenant 1987), O(min²·max); the
// same input gives the same assignment. Thread-safe.
std::vector<std::int32_t> best_matching(const CountMatrix& weights);

// How many points of each cluster (row) have each label (column); points with label -1 are left out. Throws Error if
// the lengths differ, or an index is out of range.
CountMatrix confusion_matrix(std::span<const std::int32_t> clusters, std::span<const std::int32_t> labels,
                             std::int64_t cluster_count, std::int64_t class_count);

}  // namespace latentgrid
