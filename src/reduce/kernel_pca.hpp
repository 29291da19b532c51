#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <Eigen/Core>

#include "base/matrix.hpp"
#include "reduce/kernel_functions.hpp"

namespace latentgrid {

struct KernelPcaOptions {
  PairKernel kernel;
  std::int64_t width = 2;  // number of components, at most as many as points
  int threads = 1;         // of BLAS; other numbers give other last bits
  std::int64_t most_in_float64 = 1024;  // points
};

struct KernelPca {
  MatrixRf embedding;          // points × width: eigenvectors of the centered kernel matrix times the roots of their eigenvalues
  Eigen::VectorXd eigenvalues; // width; descending, none negative
  double trace = 0;            // of the centered kernel matrix
  std::string solver;          // "lapack" or "lanczos"

  // Of the trace; zeros if there is none. A kernel that is not positive semidefinite (sigmoid) has negative eigenvalues too,
  // which can make the sum of these more than 1.
  Eigen::VectorXd explained_variance_ratio() const;
};

// Kernel principal component analysis (Schölkopf, Smola and Müller 1998) as scikit-learn 1.2's KernelPCA. The first d
// components of a wide decomposition are those of dimension d: a slice. Signs: in every eigenvector the component of largest
// absolute value is positive (the lowest index on ties). Eigenvalues that are negative or no more than rounding are zero, and
// so are their coordinates.
// Up to `most_in_float64` points everything is in float64, by LAPACK's dsyevd. More have a kernel matrix in float32 and a block Lanczos
// iteration (block_lanczos.hpp), and where that gives up or most components are wanted LAPACK's ssyevr: eigenvalues are then
// those of float64 to 1e-4. Eigenvectors whose eigenvalues differ by less than a per cent may be mixed with each other.
// `progress(done, total)` may throw to interrupt. Throws Error for fewer than 2 points, a width out of range, values that are
// not finite, or a kernel that leaves float32's range. Thread-safe but for OpenMP's thread count, which is set and put back.
KernelPca kernel_pca(ConstMatrixRef points, const KernelPcaOptions& options,
                     const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

}  // namespace latentgrid
