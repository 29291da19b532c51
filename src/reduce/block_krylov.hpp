#pragma once

#include <optional>

#include <Eigen/Core>

namespace latentgrid {

// Eigenvectors of the `count` largest eigenvalues of a positive semidefinite matrix (lower triangle read), one a column,
// largest first, by block Lanczos iteration with full reorthogonalization (Golub and Underwood 1977; Musco and Musco 2015 for
// the convergence from a random start). A start of fixed random numbers: equal matrices give equal results on one machine
// and number of BLAS threads. nullopt unless every residual |A·v - λ·v| falls to 3e-4·λ in a subspace of at most half the
// size: then a full decomposition is the faster way.
std::optional<Eigen::MatrixXf> leading_eigenvectors(const Eigen::MatrixXf& matrix, int count);

}  // namespace latentgrid
