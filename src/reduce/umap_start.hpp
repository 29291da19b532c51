#pragma once

#include <cstdint>

#include "base/matrix.hpp"
#include "neighbors/affinities.hpp"

namespace latentgrid {

struct UmapStartOptions {
  std::int64_t dim = 2;
  bool random = false;  // uniform in [-10, 10), whatever the graph is
  std::int64_t seed = 0;
  int threads = 1;  // changes no bit of the result
};

struct UmapStart {
  MatrixRf points;              // points × dim, every coordinate from 0 to 10
  std::int64_t components = 1;  // connected parts of the graph
  bool random = false;          // asked for, or because the eigenvectors did not converge
};

// The first coordinates of UMAP, as umap-learn 0.5.3's: the eigenvectors of the graph's normalized Laplacian behind the
// trivial one, with a little noise. The parts of a graph that is not connected are laid out each by itself, around places
// that are apart as the parts' means are. `points`: those that the graph is of.
UmapStart umap_start(ConstMatrixRef points, const SparseRows& graph, const UmapStartOptions& options);

}  // namespace latentgrid
