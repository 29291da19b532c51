#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

struct KmeansOptions {
  std::int64_t k = 2;
  std::int64_t n_init = 10;           // starts; the first one of least inertia is kept
  std::int64_t max_iterations = 300;  // of one start
  double tolerance =
      1e-4;  // stop when the centers' summed squared moves are at most this times the mean variance of the columns
  std::int64_t seed = 0;
  int threads = 1;  // changes no bit of the result
};

struct KmeansResult {
  std::vector<std::int32_t> clusters;  // of every point, 0 .. k-1
  MatrixRf centers;                    // k × columns
  double inertia = 0;                  // sum of squared distances to the nearest center
  std::int64_t iterations = 0;         // of the start kept
  std::int64_t start = 0;              // which one that was
};

// Lloyd's algorithm as in scikit-learn 1.2's KMeans: k-means++ with 2 + floor(log k) candidates a center, clusters that
// run empty take the points farthest from their centers, the last assignment belongs to the final centers. Start r
// draws from the stream (seed, "kmeans", r). Equally near centers: the lower index. Distances in float32, sums of
// centers and inertia in float64 over fixed blocks of points in their order. `progress(starts done)` comes from any of the threads, one at a time, and may throw. Throws
// Error unless 1 <= k <= points and all coordinates are finite. Thread-safe.
KmeansResult kmeans(ConstMatrixRef points, const KmeansOptions& options,
                    const std::function<void(std::int64_t)>& progress = {});

}  // namespace latentgrid
