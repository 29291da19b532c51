#include "reduce/fast_ica.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/blas_threads.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "reduce/lapack.hpp"
#include "reduce/pca.hpp"

namespace latentgrid {

namespace {

using Progress = std::function<void(std::int64_t, std::int64_t)>;

constexpr Eigen::Index points_at_once = 512;

// The points in principal directions with variance, each of variance 1; signs as scikit-learn has them, so that equal first
// matrices lead to equal components.
Eigen::MatrixXd whitened(const Pca& found) {
  Eigen::Index directions = 0;
  while (directions < found.explained_variance.size() && found.explained_variance[directions] > 0) ++directions;
  Eigen::MatrixXd out = found.embedding.leftCols(directions).cast<double>();
  for (Eigen::Index i = 0; i < directions; ++i) {
    const double deviation = out.col(i).norm() / std::sqrt(static_cast<double>(out.rows()));
    if (deviation > 0) out.col(i) *= (found.components(i, 0) < 0 ? -1 : 1) / deviation;
  }
  return out;
}

// (W·Wᵀ)^-1/2 · W
Eigen::MatrixXd orthonormal_rows(const Eigen::MatrixXd& w) {
  const lapack::Eigen64 pairs = lapack::all_eigenpairs(lapack::product(w, Eigen::MatrixXd(w.transpose())));
  const Eigen::VectorXd scales = pairs.values.cwiseMax(std::numeric_limits<double>::min()).cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = pairs.vectors * scales.asDiagonal();
  return lapack::product(scaled, lapack::product(Eigen::MatrixXd(pairs.vectors.transpose()), w));
}

// Values become the function's derivative there; returns the second derivative there.
double derive(IcaFunction function, double& x) {
  switch (function) {
    case IcaFunction::logcosh:
      x = std::tanh(x);
      return 1 - x * x;
    case IcaFunction::exp: {
      const double square = x * x, e = std::exp(-square / 2);
      x *= e;
      return (1 - square) * e;
    }
    case IcaFunction::cube: {
      const double square = x * x;
      x *= square;
      return 3 * square;
    }
  }
  return 0;
}

class Iteration {
 public:
  Iteration(const Eigen::MatrixXd& points, const FastIcaOptions& options, const Progress& progress)
      : points_(points), options_(options), progress_(progress) {}

  // Rows are the directions.
  Eigen::MatrixXd parallel(const Eigen::MatrixXd& first, FastIca& out) {
    Eigen::MatrixXd w = orthonormal_rows(first);
    while (!out.converged && out.iterations < options_.max_iterations) {
      const Eigen::MatrixXd next = orthonormal_rows(step(w));
      const double change = ((next.cwiseProduct(w).rowwise().sum().cwiseAbs().array() - 1).abs()).maxCoeff();
      w = next;
      ++out.iterations;
      out.converged = change < options_.tolerance;
      tell(out.iterations, options_.max_iterations);
    }
    return w;
  }

  Eigen::MatrixXd one_by_one(const Eigen::MatrixXd& first, FastIca& out) {
    Eigen::MatrixXd w = Eigen::MatrixXd::Zero(first.rows(), first.cols());
    out.converged = true;
    for (Eigen::Index i = 0; i < first.rows(); ++i) {
      Eigen::MatrixXd own = first.row(i).normalized();
      bool settled = false;
      std::int64_t iterations = 0;
      while (!settled && iterations < options_.max_iterations) {
        Eigen::MatrixXd next = step(own);
        next -= (next * w.topRows(i).transpose()) * w.topRows(i);
        const double length = next.norm();
        if (length > 0) next /= length;
        settled = std::abs(std::abs(next.cwiseProduct(own).sum()) - 1) < options_.tolerance;
        own = next;
        ++iterations;
        tell(i * options_.max_iterations + iterations, first.rows() * options_.max_iterations);
      }
      w.row(i) = own;
      out.iterations = std::max(out.iterations, iterations);
      out.converged = out.converged && settled;
    }
    return w;
  }

 private:
  // mean of x·g'(w·x) - mean of g''(w·x) · w, of each row w.
  Eigen::MatrixXd step(const Eigen::MatrixXd& w) const {
    Eigen::MatrixXd values = lapack::product(points_, Eigen::MatrixXd(w.transpose()));  // points × directions
    const Eigen::Index blocks = (values.rows() + points_at_once - 1) / points_at_once;
    Eigen::MatrixXd sums(blocks, values.cols());
    parallel_for(blocks * values.cols(), options_.threads, [&](std::int64_t index) {
      const Eigen::Index block = index % blocks, column = index / blocks, begin = block * points_at_once;
      double sum = 0;
      for (Eigen::Index i = begin; i < std::min(begin + points_at_once, values.rows()); ++i) sum += derive(options_.function, values(i, column));
      sums(block, column) = sum;
    });
    const auto count = static_cast<double>(values.rows());
    const Eigen::VectorXd seconds = sums.colwise().sum().transpose() / count;
    return lapack::product(Eigen::MatrixXd(values.transpose()), points_) / count - seconds.asDiagonal() * w;
  }

  void tell(std::int64_t done, std::int64_t total) const {
    if (progress_) progress_(done, total);
  }

  const Eigen::MatrixXd& points_;
  const FastIcaOptions& options_;
  const Progress& progress_;
};

}  // namespace

FastIca fast_ica_from(ConstMatrixRef points, const Eigen::MatrixXd& first, const FastIcaOptions& options, const Progress& progress) {
  if (first.rows() != options.dim || first.cols() != options.dim) throw Error("FastICA: the first matrix must be dim × dim");
  const Eigen::MatrixXd white = whitened(pca(points, {.width = options.dim, .threads = options.threads}));
  const BlasThreads threads(options.threads);
  FastIca out{.embedding = MatrixRf::Zero(points.rows(), options.dim), .directions = white.cols()};
  if (out.directions == 0) {
    out.converged = true;
    return out;
  }
  Iteration iteration(white, options, progress);
  const Eigen::MatrixXd start = first.topLeftCorner(white.cols(), white.cols());
  const Eigen::MatrixXd w = options.parallel ? iteration.parallel(start, out) : iteration.one_by_one(start, out);
  Eigen::MatrixXd sources = lapack::product(white, Eigen::MatrixXd(w.transpose()));
  for (Eigen::Index i = 0; i < sources.cols(); ++i) {
    const double deviation = sources.col(i).norm() / std::sqrt(static_cast<double>(sources.rows()));
    if (deviation > 0) sources.col(i) /= deviation;
  }
  out.embedding.leftCols(out.directions) = sources.cast<float>();
  return out;
}

FastIca fast_ica(ConstMatrixRef points, const FastIcaOptions& options, const Progress& progress) {
  RandomStream random(options.seed, "fast_ica");
  Eigen::MatrixXd first(std::max<std::int64_t>(options.dim, 0), std::max<std::int64_t>(options.dim, 0));
  for (Eigen::Index i = 0; i < first.rows(); ++i) {
    for (Eigen::Index j = 0; j < first.cols(); ++j) first(i, j) = random.normal();
  }
  return fast_ica_from(points, first, options, progress);
}

}  // namespace latentgrid
