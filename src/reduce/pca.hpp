#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "base/matrix.hpp"

namespace latentgrid {

enum class PcaSide { smaller, covariance, gram };

struct PcaOptions {
  std::int64_t width = 2;           // number of directions, at most min(rows, columns)
  int threads = 1;                  // of BLAS; other numbers give other last bits
  PcaSide side = PcaSide::smaller;  // which product is decomposed: columns × columns (covariance) or rows × rows (Gram)
};

// Principal components, largest variance first. Signs: in every direction the loading of largest absolute value is
// positive (the lowest index on ties). Directions without variance complete the basis; their coordinates and variances are
// zeros. A direction counts as such where its standard deviation is at most 2 float32 epsilons of that of all columns together.
struct Pca {
  Eigen::VectorXf mean;                // columns
  MatrixRf components;                 // width × columns, orthonormal rows
  MatrixRf embedding;                  // rows × width: centred points · componentsᵀ
  Eigen::VectorXd explained_variance;  // width; divided by rows - 1, as in scikit-learn
  double total_variance = 0;           // of all columns
  PcaSide side = PcaSide::covariance;  // the one decomposed

  Eigen::VectorXd explained_variance_ratio() const;  // of the total variance; zeros if there is none
};

// The first d components, coordinates and variances of a wide decomposition are those of dimension d: a slice.
// The symmetric product is taken in float32 (BLAS), its leading directions by LAPACK's ssyevr or, where they are few of many, by
// block Lanczos iteration (block_krylov.hpp); a Rayleigh-Ritz step in float64 is made on the directions found. After LAPACK
// they are as exact as the float32 points allow. After the iteration |C·v - λ·v| is at most 5e-3·λ: the variances add up to
// a full decomposition's to 1e-5, while directions whose variances differ by less than a per cent may be mixed with each other.
// Everything is finite. Throws Error for fewer than 2 rows, a width out of range, or values that aren't finite or lie
// farther apart than float32 can hold. Thread-safe but for OpenMP's thread
// count, which is set and put back.
Pca pca(ConstMatrixRef points, const PcaOptions& options);

}  // namespace latentgrid
