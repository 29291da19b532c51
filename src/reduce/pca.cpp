#include "reduce/pca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/blas_threads.hpp"
#include "base/error.hpp"
#include "reduce/block_krylov.hpp"
#include "reduce/lapack.hpp"

namespace latentgrid {

namespace {

constexpr Eigen::Index least_for_iteration = 512;

Eigen::VectorXd column_means(ConstMatrixRef points) {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(points.cols());
  for (Eigen::Index i = 0; i < points.rows(); ++i) sums += points.row(i).transpose().cast<double>();
  return sums / static_cast<double>(points.rows());
}

double total_sum_of_squares(const MatrixRf& centred) {
  double sum = 0;
  for (Eigen::Index i = 0; i < centred.rows(); ++i) sum += centred.row(i).cast<double>().squaredNorm();
  return sum;
}

// A few directions out of many are found by iteration; LAPACK reduces the whole matrix first.
Eigen::MatrixXf leading_of(Eigen::MatrixXf symmetric, int width) {
  if (symmetric.rows() >= least_for_iteration && width * 8 <= symmetric.rows()) {
    if (auto vectors = leading_eigenvectors(symmetric, width)) return *vectors;
  }
  return lapack::largest_eigenvectors(symmetric, width);
}

// Directions that span the `width` leading ones, in columns; not yet orthonormal on the Gram side.
Eigen::MatrixXf leading_directions(const MatrixRf& centred, int width, PcaSide side) {
  if (side == PcaSide::covariance) {
    return leading_of(lapack::gram_of_columns(centred), width);
  }
  const Eigen::MatrixXf left = leading_of(lapack::gram_of_rows(centred), width);
  return lapack::transposed_product(centred, left);
}

double sign_of_largest_loading(const Eigen::VectorXd& direction) {
  Eigen::Index largest = 0;
  for (Eigen::Index i = 1; i < direction.size(); ++i) {
    if (std::abs(direction[i]) > std::abs(direction[largest])) largest = i;
  }
  return direction[largest] < 0 ? -1 : 1;
}

void check_input(ConstMatrixRef points, const PcaOptions& options) {
  const Eigen::Index most = std::min(points.rows(), points.cols());
  if (points.rows() < 2) throw Error(fmt::format("PCA needs at least 2 points, there are {}", points.rows()));
  if (options.width < 1 || options.width > most) {
    throw Error(fmt::format("PCA of {}×{} points to {} directions: there are 1 to {}", points.rows(), points.cols(),
                            options.width, most));
  }
  if (!points.allFinite()) throw Error("PCA: a coordinate is not finite");
}

}  // namespace

Eigen::VectorXd Pca::explained_variance_ratio() const {
  if (total_variance == 0) return Eigen::VectorXd::Zero(explained_variance.size());
  return explained_variance / total_variance;
}

Pca pca(ConstMatrixRef points, const PcaOptions& options) {
  check_input(points, options);
  const BlasThreads threads(options.threads);
  const auto degrees = static_cast<double>(points.rows() - 1);
  Pca out;
  out.side = options.side != PcaSide::smaller ? options.side
             : points.cols() <= points.rows() ? PcaSide::covariance
                                              : PcaSide::gram;
  out.mean = column_means(points).cast<float>();
  const MatrixRf centred = points.rowwise() - out.mean.transpose();
  out.total_variance = total_sum_of_squares(centred) / degrees;

  Eigen::MatrixXf rough = leading_directions(centred, static_cast<int>(options.width), out.side);
  if (out.side == PcaSide::gram) rough.colwise().normalize();
  const Eigen::MatrixXd basis = lapack::orthonormal_columns(rough.cast<double>());
  const Eigen::MatrixXd coordinates = lapack::product(centred, basis.cast<float>()).cast<double>();
  lapack::Eigen64 refined = lapack::all_eigenpairs(lapack::gram_of_columns(coordinates));
  const Eigen::MatrixXd directions = lapack::product(basis, refined.vectors);
  for (Eigen::Index d = 0; d < directions.cols(); ++d) {
    refined.vectors.col(d) *= sign_of_largest_loading(directions.col(d));
  }
  out.components = lapack::product(basis, refined.vectors).transpose().cast<float>();
  out.embedding = lapack::product(coordinates, refined.vectors).cast<float>();
  out.explained_variance = refined.values.cwiseMax(0) / degrees;
  return out;
}

}  // namespace latentgrid
