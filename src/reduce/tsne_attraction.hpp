#pragma once

#include <vector>

#include "base/matrix.hpp"
#include "neighbors/affinities.hpp"

namespace latentgrid {

// With s_ij and w_ij of tsne_repulsion.hpp and the points' affinities p_ij:

// points × dim: Σ_j p_ij·s_ij·(y_i - y_j). Bits don't depend on threads or instruction set.
std::vector<double> tsne_attraction(const SparseRows& affinities, const MatrixRf& embedding, int threads);

// Σ p_ij·log(p_ij / (w_ij / normalizer)) over p_ij > 0.
double tsne_divergence(const SparseRows& affinities, const MatrixRf& embedding, double normalizer, int threads);

}  // namespace latentgrid
