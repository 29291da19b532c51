#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// The k nearest other points of every point, nearest first.
struct Neighbors {
  std::int64_t count = 0;             // points
  std::int64_t k = 0;                 // neighbors of each
  std::vector<std::int32_t> indices;  // count × k
  std::vector<float> distances;       // count × k, squared Euclidean

  // The nearest `fewer` of them: bit for bit what a search for `fewer` finds.
  Neighbors first(std::int64_t fewer) const;
};

// Exact search by brute force, O(n²·d). A point is never its own neighbor; equally distant points come in the order of
// their indices. The result depends on the points alone, not on the number of threads. Throws Error unless 1 <= k < n
// and every coordinate is finite. Thread-safe.
Neighbors nearest_neighbors(ConstMatrixRef points, std::int64_t k, int threads);

}  // namespace latentgrid
