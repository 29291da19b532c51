#pragma once

#include <cstdint>
#include <functional>

#include <Eigen/Core>

#include "neighbors/affinities.hpp"

namespace latentgrid {

struct LaplacianEmbedding {
  Eigen::VectorXd values;      // eigenvalues of the normalized Laplacian, from 0 to 2, ascending
  Eigen::MatrixXd vectors;     // points × count: D^-1/2 · eigenvector of length 1; the largest component of each in magnitude is positive
  std::int64_t components = 1;  // connected parts of the graph
};

struct LaplacianOptions {
  std::int64_t count = 2;           // the trivial one of value 0 included
  int threads = 1;                  // changes no bit of the result
  std::function<void()> step = {};  // called once in a while; may throw to interrupt
};

// The eigenvectors of smallest eigenvalues of the normalized Laplacian I - D^-1/2·W·D^-1/2 of a symmetric graph, as
// scikit-learn 1.2's spectral_embedding with drop_first=False. A graph of c parts has c eigenvalues that are 0, all of which
// are found: the first vector is constant, those that follow tell the largest part, the second largest, ... from the rest. The
// other eigenvectors are found part by part, in float64 to a residual of 1e-8.
// Throws Error unless 1 <= count <= points, and where the iteration does not converge. Thread-safe.
LaplacianEmbedding laplacian_embedding(const SparseRows& graph, const LaplacianOptions& options);

}  // namespace latentgrid
