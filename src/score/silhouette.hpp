#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Mean over the points of (b - a) / max(a, b): a the mean Euclidean distance to the other points of the own cluster, b
// that to the points of the nearest other cluster; 0 for a point alone in its cluster (Rousseeuw 1987;
// sklearn.metrics.silhouette_score). Noise, cluster -1, is a cluster of its own: so scikit-learn's example of DBSCAN scores it. Leaving
// it out would praise a clustering that calls most points noise. Blocked, O(n²·columns) time; the bits don't depend on the threads. Throws Error
// unless at least 2 and at most n - 1 clusters hold points. Thread-safe.
double silhouette(ConstMatrixRef points, std::span<const std::int32_t> clusters, int threads);

// Told of the share of the work that is done, from the calling thread.
using WorkProgress = std::function<void(double share)>;

// The same of several clusterings of the same points, to the bit: distances, which take most of the time, are computed once for
// many. Nothing where silhouette() throws for the number of clusters.
std::vector<std::optional<double>> silhouettes(ConstMatrixRef points, const std::vector<std::vector<std::int32_t>>& clusterings,
                                               int threads, const WorkProgress& progress = nullptr);

}  // namespace latentgrid
