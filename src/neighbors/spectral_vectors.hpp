#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "neighbors/affinities.hpp"

namespace latentgrid {

// Eigenpairs of the normalized Laplacian I - D^-1/2·W·D^-1/2 of a symmetric graph, the smallest eigenvalues first.
struct SpectralVectors {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;  // points × count, of length 1; the largest component of each in magnitude is positive
};

struct SpectralOptions {
  std::int64_t count = 2;   // the trivial one of value 0 included
  double tolerance = 1e-6;  // of the residuals
  std::int64_t seed = 0;    // of the start
  int threads = 1;          // changes no bit of the result
  std::function<void()> step = {};  // called after every product with the graph; may throw to interrupt
};

// Throws Error unless 1 <= count < points, and where the iteration does not converge.
SpectralVectors spectral_vectors(const SparseRows& graph, const SpectralOptions& options);

// The number of the connected component that each point is in, from 0 in the order of their first points.
std::vector<std::int32_t> connected_components(const SparseRows& graph);

}  // namespace latentgrid
