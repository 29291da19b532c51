#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

enum class Covariance {
  full,      // a matrix for each cluster
  tied,      // one matrix for all
  diag,      // a variance for each dimension of each cluster
  spherical  // a variance for each cluster
};

struct GmmOptions {
  std::int64_t k = 2;
  Covariance covariance = Covariance::full;
  std::int64_t n_init = 1;            // starts; the first one of largest lower bound is kept
  std::int64_t max_iterations = 100;  // of one start
  double tolerance = 1e-3;            // stop when the lower bound changes less
  double reg_covar = 1e-6;            // added to every variance
  std::int64_t seed = 0;
  int threads = 1;  // changes no bit of the result
};

struct GmmResult {
  std::vector<std::int32_t> clusters;     // the most probable Gaussian of every point, 0 .. k-1; of equal ones the first
  Eigen::VectorXd weights;                // k
  Eigen::MatrixXd means;                  // k × columns
  std::vector<double> lower_bounds;       // mean log-likelihood of a point before each iteration's new parameters
  double log_likelihood = 0;              // the same with the final parameters, as scikit-learn's score()
  double bic = 0, aic = 0;                // of all points; the smaller the better
  bool converged = false;                 // rather than ended by max_iterations
  std::int64_t start = 0;                 // the one kept
  std::int64_t iterations() const { return static_cast<std::int64_t>(lower_bounds.size()); }
};

// Called once in a while with the iterations done of all that there may be; from any thread, one at a time; may throw.
using GmmProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Expectation-maximization as in scikit-learn 1.2's GaussianMixture: the responsibilities begin with the clusters of a
// k-means of one start, seeded from (seed, "gmm", start). A Gaussian that no point belongs to keeps its mean. All in
// float64, summed over fixed blocks of points in their order and without a BLAS: the bits depend neither on the threads nor,
// but for the logarithm of the C library, on the instruction set. Throws Error unless 1 <= k <= points and all coordinates are
// finite, or if a covariance is singular in spite of reg_covar. Thread-safe.
GmmResult gmm(ConstMatrixRef points, const GmmOptions& options, const GmmProgress& progress = {});

// The same from a start of one's own: the cluster of every point, 0 .. k-1.
GmmResult gmm_from(ConstMatrixRef points, std::span<const std::int32_t> clusters, const GmmOptions& options);

}  // namespace latentgrid
