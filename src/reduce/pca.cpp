#include "reduce/pca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/blas_threads.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "reduce/block_krylov.hpp"
#include "reduce/lapack.hpp"

namespace latentgrid {

namespace {

constexpr Eigen::Index least_for_iteration = 512;
// Coordinates whose squares float32 holds well. Others are scaled first; these aren't, so that their last bits stay.
constexpr float smallest_unscaled = 0x1p-40f, largest_unscaled = 0x1p40f;

// A direction whose standard deviation is at most this part of that of all columns together is rounding: points that lie
// exactly in fewer dimensions leave up to 0.7 of float32's epsilon there.
constexpr double rounding = 2 * std::numeric_limits<float>::epsilon();

// Calls function(first, count, chunk) for fixed chunks of rows and returns how many there are.
template <typename Function>
std::int64_t for_chunks(Eigen::Index rows, int threads, const Function& function) {
  constexpr Eigen::Index rows_a_chunk = 256;
  const std::int64_t chunks = (rows + rows_a_chunk - 1) / rows_a_chunk;
  parallel_for(chunks, threads, [&](std::int64_t chunk) {
    const Eigen::Index first = chunk * rows_a_chunk;
    function(first, std::min(rows_a_chunk, rows - first), chunk);
  });
  return chunks;
}

Eigen::VectorXf column_means(ConstMatrixRef points, int threads) {
  std::vector<Eigen::VectorXd> sums(points.rows());  // of each chunk
  const std::int64_t chunks = for_chunks(points.rows(), threads, [&](Eigen::Index first, Eigen::Index count, std::int64_t chunk) {
    sums[chunk].setZero(points.cols());
    for (Eigen::Index i = first; i < first + count; ++i) sums[chunk] += points.row(i).transpose().cast<double>();
  });
  for (std::int64_t chunk = 1; chunk < chunks; ++chunk) sums[0] += sums[chunk];
  return (sums[0] / static_cast<double>(points.rows())).cast<float>();
}

struct Centred {
  MatrixRf points;
  double sum_of_squares = 0;  // before scaling
  int exponent = 0;           // the points were divided by 2^exponent
};

// A power of two, so that nothing is rounded.
void scale(Centred& centred) {
  const float largest = centred.points.cwiseAbs().maxCoeff();
  const double longest = std::sqrt(static_cast<double>(centred.points.cols())) * largest;
  if (!(longest <= std::numeric_limits<float>::max())) {
    throw Error("PCA: the points lie farther from their mean than float32 can hold");
  }
  if (largest == 0 || (largest >= smallest_unscaled && largest <= largest_unscaled)) return;
  centred.exponent = std::ilogb(largest);
  for (Eigen::Index i = 0; i < centred.points.size(); ++i) {
    centred.points.data()[i] = std::ldexp(centred.points.data()[i], -centred.exponent);
  }
}

Centred centre(ConstMatrixRef points, const Eigen::VectorXf& mean, int threads) {
  Centred out{.points = MatrixRf(points.rows(), points.cols())};
  std::vector<double> sums(points.rows());
  const std::int64_t chunks = for_chunks(points.rows(), threads, [&](Eigen::Index first, Eigen::Index count, std::int64_t chunk) {
    for (Eigen::Index i = first; i < first + count; ++i) {
      out.points.row(i) = points.row(i) - mean.transpose();
      sums[chunk] += out.points.row(i).cast<double>().squaredNorm();
    }
  });
  for (std::int64_t chunk = 0; chunk < chunks; ++chunk) out.sum_of_squares += sums[chunk];
  scale(out);
  return out;
}

// A few directions out of many are found by iteration, usually in a subspace of at most half the size; LAPACK reduces the whole
// matrix first.
bool is_worth_iterating(Eigen::Index size, int width) {
  return size >= least_for_iteration && 2 * expected_krylov_blocks * krylov_block(width) <= size;
}

// Whether iterating with both factors of a matrix size×size = factor·factorᵀ takes fewer operations than forming it first.
bool is_worth_leaving_factored(double size, double inner, int width) {
  const double applied = expected_krylov_blocks * krylov_block(width);
  return 4 * inner * applied < inner * size + 2 * size * applied;
}

// The eigenvectors of aᵀ·a (covariance) or a·aᵀ (gram).
Eigen::MatrixXf leading_of(const MatrixRf& a, int width, PcaSide side) {
  const bool covariance = side == PcaSide::covariance;
  const Eigen::Index size = covariance ? a.cols() : a.rows(), inner = covariance ? a.rows() : a.cols();
  const bool iterate = is_worth_iterating(size, width);
  const bool factor = is_worth_leaving_factored(static_cast<double>(size), static_cast<double>(inner), width);
  if (iterate && factor) {
    const SymmetricOperator factored{size, [&](const Eigen::MatrixXf& x) {
      return covariance ? lapack::transposed_product(a, lapack::product(a, x))
                        : lapack::product(a, lapack::transposed_product(a, x));
    }};
    if (auto vectors = leading_eigenvectors(factored, width)) return *vectors;
  }
  Eigen::MatrixXf symmetric = covariance ? lapack::gram_of_columns(a) : lapack::gram_of_rows(a);
  if (iterate && !factor) {
    const SymmetricOperator formed{size, [&](const Eigen::MatrixXf& x) { return lapack::symmetric_product(symmetric, x); }};
    if (auto vectors = leading_eigenvectors(formed, width)) return *vectors;
  }
  return lapack::largest_eigenvectors(symmetric, width);
}

// An orthonormal basis, in columns, that contains the `width` leading directions. On the Gram side a direction without
// variance is a column of zeros at first; the QR decomposition puts one in its place that is orthogonal to the others.
Eigen::MatrixXd leading_basis(const MatrixRf& centred, int width, PcaSide side) {
  const Eigen::MatrixXf vectors = leading_of(centred, width, side);
  if (side == PcaSide::covariance) return lapack::orthonormal_columns(vectors.cast<double>());
  Eigen::MatrixXd directions = lapack::transposed_product(centred, vectors).cast<double>();
  for (Eigen::Index d = 0; d < directions.cols(); ++d) directions.col(d).normalize();  // leaves zeros
  return lapack::orthonormal_columns(std::move(directions));
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
  if (!all_finite(points)) throw Error("PCA: a coordinate is not finite");
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
  out.mean = column_means(points, options.threads);
  const Centred moved = centre(points, out.mean, options.threads);
  const MatrixRf& centred = moved.points;
  out.total_variance = moved.sum_of_squares / degrees;

  const Eigen::MatrixXd basis = leading_basis(centred, static_cast<int>(options.width), out.side);
  const Eigen::MatrixXd coordinates = lapack::product(centred, basis.cast<float>()).cast<double>();
  lapack::Eigen64 refined = lapack::all_eigenpairs(lapack::gram_of_columns(coordinates));
  const Eigen::MatrixXd directions = lapack::product(basis, refined.vectors);
  for (Eigen::Index d = 0; d < directions.cols(); ++d) {
    refined.vectors.col(d) *= sign_of_largest_loading(directions.col(d));
  }
  out.components = lapack::product(basis, refined.vectors).transpose().cast<float>();
  const double unit = std::ldexp(1.0, moved.exponent);
  out.embedding = (lapack::product(coordinates, refined.vectors) * unit).cast<float>();
  out.explained_variance = refined.values.cwiseMax(0) * unit * unit / degrees;
  for (Eigen::Index d = 0; d < out.explained_variance.size(); ++d) {
    if (out.explained_variance[d] > rounding * rounding * out.total_variance) continue;
    out.embedding.col(d).setZero();
    out.explained_variance[d] = 0;
  }
  return out;
}

}  // namespace latentgrid
