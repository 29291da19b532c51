#pragma once

#include <span>
#include <vector>

#include "base/matrix.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/tree_progress.hpp"

namespace latentgrid {

// The points - 1 edges of a minimum spanning tree, in the order in which Prim's algorithm finds them from point 0, in float64. An
// edge is as long as the points are apart, or, with `cores` (the square of a distance for every point), as their mutual
// reachability distance: the largest of that and both points' cores. Of equally near points the first joins the tree first.
// O(points²·width) time, O(points·width) memory. The bits depend on the input alone, not on threads or instruction set. Throws Error if
// a coordinate is not finite or there are no points. Thread-safe.
std::vector<Join> minimum_spanning_tree(ConstMatrixRef points, std::span<const double> cores, int threads, const TreeProgress& progress = {});

}  // namespace latentgrid
