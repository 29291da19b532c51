#pragma once

#include <functional>
#include <optional>

#include <Eigen/Core>

#include "reduce/block_krylov.hpp"

namespace latentgrid {

struct LanczosOptions {
  int count = 1;                // eigenpairs
  int block = 48;               // columns that the matrix is applied to at once
  double residual = 1e-2;       // |A·v - λ·v| is at most this part of λ ...
  double rounding = 1e-6;       // ... or this part of the largest λ, ...
  double floor = 0;             // ... or this: the matrix is known no better
  Eigen::Index most = 0;        // columns of the basis, at which it gives up
};

struct Eigenpairs {
  Eigen::VectorXd values;   // descending
  Eigen::MatrixXf vectors;  // one a column
};

// The largest eigenvalues, by block Lanczos iteration with full reorthogonalization as in block_krylov.hpp, but in blocks
// smaller than `count`: fewer columns are needed where many eigenpairs are wanted. Where the basis reaches a subspace that the
// matrix maps to itself, new directions are taken in. The error of an eigenvalue goes with the square of its residual over the
// distance to those that are not wanted. A start of fixed random numbers: equal matrices give equal results on one machine and
// number of BLAS threads. `step(columns)` follows every block and may throw. nullopt where `most` columns do not do.
std::optional<Eigenpairs> largest_eigenpairs(const SymmetricOperator& matrix, const LanczosOptions& options,
                                             const std::function<void(Eigen::Index columns)>& step);

}  // namespace latentgrid
