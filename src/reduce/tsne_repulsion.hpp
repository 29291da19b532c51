#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Degrees of freedom ν of Student's distribution in the embedding: max(dim - 1, 1) (van der Maaten 2009).
constexpr std::int64_t tsne_degrees_of_freedom(std::int64_t dim) {
  return dim > 2 ? dim - 1 : 1;
}

// With s_ij = 1 / (1 + |y_i - y_j|² / ν) and w_ij = s_ij^((ν+1)/2):
struct Repulsion {
  std::vector<double> forces;  // points × dim: Σ_j w_ij·s_ij·(y_i - y_j)
  double normalizer = 0;       // Σ_{i≠j} w_ij
};

// The exact sums, over all pairs, each once: float32 with SIMD within blocks of at least 512 points, whose sums are added up in float64 in
// the order of the blocks. Bits don't depend on threads or instruction set. Needs about points²·dim / 128 bytes up to 65,536
// points.
Repulsion tsne_repulsion(const MatrixRf& embedding, int threads);

// What computes the same elsewhere.
using RepulsionKernel = std::function<Repulsion(const MatrixRf& embedding)>;

}  // namespace latentgrid
