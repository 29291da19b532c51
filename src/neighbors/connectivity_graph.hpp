#pragma once

#include "neighbors/affinities.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

// Which points are neighbors: 1 where each of two points is among the nearest of the other, 0.5 where only one is. The
// symmetric part of scikit-learn's kneighbors_graph without its diagonal, which a graph's Laplacian leaves out: n_neighbors
// there is neighbors.k + 1, as it counts the point itself. count × count. Thread-safe.
SparseRows connectivity_graph(const Neighbors& neighbors);

}  // namespace latentgrid
