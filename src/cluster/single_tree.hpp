#pragma once

#include "base/matrix.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/tree_progress.hpp"

namespace latentgrid {

// The hierarchy of single linkage: clusters are as far apart as their nearest points. From a minimum spanning tree (Gower and Ross 1969),
// in O(points·width) memory. Errors and thread safety as there (spanning_tree.hpp).
LinkageTree single_tree(ConstMatrixRef points, int threads, const TreeProgress& progress = {});

}  // namespace latentgrid
