#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <Eigen/Core>

#include "base/matrix.hpp"

namespace latentgrid {

enum class IcaFunction { logcosh, exp, cube };

struct FastIcaOptions {
  std::int64_t dim = 2;      // components, at most min(rows, columns)
  bool parallel = true;      // all components together; else one after the other (deflation)
  IcaFunction function = IcaFunction::logcosh;
  std::int64_t max_iterations = 200;
  double tolerance = 1e-4;
  std::int64_t seed = 0;
  int threads = 1;  // of BLAS; other numbers give other last bits
};

struct FastIca {
  MatrixRf embedding;           // points × dim, every column of mean 0 and variance 1 (over all points)
  std::int64_t directions = 0;  // principal directions with variance: columns behind that many are zeros
  std::int64_t iterations = 0;  // of all components together, or of the one that took most
  bool converged = false;
};

// Independent component analysis by fixed-point iteration (Hyvärinen 1999) on whitened principal components (pca.hpp), as
// scikit-learn 1.2's FastICA with whiten='unit-variance'. The iteration is in float64. `first` is the dim × dim matrix that it
// begins with (w_init in scikit-learn). Called as progress(done, total), which may throw to interrupt. Throws Error for fewer
// than 2 points, dimensions out of range, or values that are not finite. Thread-safe but for OpenMP's thread count, which is
// set and put back.
FastIca fast_ica_from(ConstMatrixRef points, const Eigen::MatrixXd& first, const FastIcaOptions& options,
                      const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

// The same from standard normal numbers of the stream (seed, "fast_ica"), row after row.
FastIca fast_ica(ConstMatrixRef points, const FastIcaOptions& options,
                 const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

}  // namespace latentgrid
