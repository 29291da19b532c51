#pragma once

#include <functional>
#include <optional>

#include <Eigen/Core>

namespace latentgrid {

// A symmetric positive semidefinite matrix, by what it does to the columns of another.
struct SymmetricOperator {
  Eigen::Index size = 0;
  std::function<Eigen::MatrixXf(const Eigen::MatrixXf&)> apply;
};

// Eigenvectors of its `count` largest eigenvalues, one a column, largest first, by block Lanczos iteration with full
// reorthogonalization (Golub and Underwood 1977; Musco and Musco 2015 for the convergence from a random start). A start of fixed
// random numbers: equal matrices give equal results on one machine and number of BLAS threads. nullopt unless every residual
// |A·v - λ·v| falls to 5e-3·λ within twice the expected number of blocks: then a full decomposition is the faster way.
std::optional<Eigen::MatrixXf> leading_eigenvectors(const SymmetricOperator& matrix, int count);

// How many columns it applies the matrix to at once, and how often it does so before it first looks.
constexpr int krylov_block(int count) { return count + 16; }
constexpr int expected_krylov_blocks = 5;

}  // namespace latentgrid
