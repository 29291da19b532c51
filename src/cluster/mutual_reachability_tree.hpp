#pragma once

#include <cstdint>

#include "base/matrix.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/tree_progress.hpp"
#include "neighbors/services.hpp"

namespace latentgrid {

// The hierarchy that HDBSCAN begins with (Campello, Moulavi and Sander 2013): single linkage of the mutual reachability distance, the
// largest of the distance of two points and the core distances of both. A point's core distance is that to the farthest of its
// `min_samples` nearest points, of which it is itself the first, as in scikit-learn and R's dbscan: 1 makes it 0. Heights are distances, in
// float64; O(points²·width) time and O(points·(width + min_samples)) memory. The bits depend on the points alone. Throws Error unless
// 1 <= min_samples <= points and all coordinates are finite. Thread-safe.
LinkageTree mutual_reachability_tree(ConstMatrixRef points, std::int64_t min_samples, int threads, Services& services = Services::own(),
                                     const TreeProgress& progress = {});

}  // namespace latentgrid
