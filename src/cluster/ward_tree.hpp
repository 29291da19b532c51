#pragma once

#include "base/matrix.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/tree_progress.hpp"
#include "neighbors/services.hpp"

namespace latentgrid {

// Ward's hierarchy (Ward 1963): each merge makes the sum of squared distances to the clusters' centers grow least. Heights are
// scipy's, sqrt(2·a·b / (a + b)) times the distance of the centers of clusters of a and b points; in float64.
//
// By nearest-neighbor chains (Murtagh 1983; Müllner 2011), in O(points · width) memory and at most O(points²·width) time. A
// chain seldom looks at all clusters: each has a list of its nearest ones, beginning with `services`' neighbors, and a bound of how near
// any other can be, which holds on as those merge, and the lists and bounds of two that merge make those of the new cluster. The
// bits depend on the points alone. Equal heights are merged in an order of its own. Throws Error if a coordinate is not finite or there
// are no points. Thread-safe.
LinkageTree ward_tree(ConstMatrixRef points, int threads, Services& services = Services::own(), const TreeProgress& progress = {});

}  // namespace latentgrid
