#pragma once

#include "base/matrix.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/tree_progress.hpp"

namespace latentgrid {

enum class Linkage {
  average,  // clusters are as far apart as their points are on average
  complete  // as their farthest points
};

// Hierarchies of these linkages by nearest-neighbor chains (Murtagh 1983; Müllner 2011) on all pairwise distances, which the formula of Lance
// and Williams (1967) updates; in float64: points²·4 bytes. O(points²·(width + 1)) time. Heights are scipy's. The bits depend on the
// points alone. Equal heights are merged in an order of its own. Throws Error if a coordinate is not finite or there are no
// points. Thread-safe.
LinkageTree lance_williams_tree(ConstMatrixRef points, Linkage linkage, int threads, const TreeProgress& progress = {});

}  // namespace latentgrid
