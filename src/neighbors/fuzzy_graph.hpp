#pragma once

#include <cstdint>

#include "neighbors/affinities.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

struct FuzzyGraphOptions {
  double local_connectivity = 1;  // so many nearest neighbors are connected for certain
  double set_op_mix_ratio = 1;    // 1: the union of what two points say of each other; 0: the intersection
};

// UMAP's fuzzy simplicial set (McInnes, Healy and Melville 2018; umap-learn 0.5.3's fuzzy_simplicial_set) of points of
// which each has `neighbors.k` nearest others: n_neighbors is neighbors.k + 1, as umap-learn counts the point itself.
// count × count, symmetric bit for bit, values in (0, 1], nonzero between neighbors only. Independent of the number of
// threads. Thread-safe.
SparseRows fuzzy_graph(const Neighbors& neighbors, const FuzzyGraphOptions& options, int threads);

}  // namespace latentgrid
