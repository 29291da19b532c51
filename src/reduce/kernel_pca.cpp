#include "reduce/kernel_pca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/blas_threads.hpp"
#include "base/error.hpp"
#include "reduce/block_lanczos.hpp"
#include "reduce/kernel_matrix.hpp"
#include "reduce/lapack.hpp"

namespace latentgrid {

namespace {

using Progress = std::function<void(std::int64_t, std::int64_t)>;

constexpr int lanczos_block = 48;
constexpr Eigen::Index widths_in_basis = 8;  // before the iteration gives up
constexpr double least_part_float64 = 1e-12, least_part_float32 = 1e-6;  // of the largest eigenvalue

struct Decomposition {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
  double trace = 0;
  double least = 0;  // eigenvalues up to here are rounding
  std::string solver;
};

// What rounding does to eigenvalues: in float64 that of the means, which all values share, in float32 that of single values.
double rounding_in_float64(Eigen::Index size, double largest) {
  return 4 * static_cast<double>(size) * std::numeric_limits<double>::epsilon() * largest;
}
double rounding_in_float32(Eigen::Index size, double largest) {
  return 2 * std::sqrt(static_cast<double>(size)) * std::numeric_limits<float>::epsilon() * largest;
}

Eigen::MatrixXd prepared(ConstMatrixRef points, const PairKernel& kernel) {
  Eigen::MatrixXd columns = points.transpose().cast<double>();  // a point a column
  if (kernel.ignores_shifts()) columns.colwise() -= Eigen::VectorXd(columns.rowwise().mean());
  if (kernel.function == KernelFunction::cosine) {
    for (Eigen::Index i = 0; i < columns.cols(); ++i) columns.col(i).normalize();  // leaves zeros
  }
  return columns;
}

Decomposition in_float64(ConstMatrixRef points, const KernelPcaOptions& options) {
  Eigen::MatrixXd matrix = lapack::gram_of_columns(prepared(points, options.kernel));
  apply_kernel(options.kernel, matrix);
  if (!matrix.allFinite()) throw Error("kernel PCA: a value of the kernel is not finite; standardize the points first, or choose a smaller gamma");
  const double largest = matrix.cwiseAbs().maxCoeff();
  matrix.array() -= double(matrix(0, 0));  // so that the means of values that are nearly equal are exact
  const Eigen::VectorXd means = matrix.rowwise().mean();
  const double mean = means.mean();
  matrix.colwise() -= means;
  matrix.rowwise() -= (means.array() - mean).matrix().transpose();
  const double trace = matrix.trace();
  lapack::Eigen64 pairs = lapack::all_eigenpairs(std::move(matrix));
  const double least = std::max(least_part_float64 * pairs.values[0], rounding_in_float64(points.rows(), largest));
  return {pairs.values.head(options.width), pairs.vectors.leftCols(options.width), trace, least, "lapack"};
}

// Eigenvectors by LAPACK; their eigenvalues are what the matrix does to them.
Eigenpairs by_lapack(const KernelMatrix& matrix, int width, int threads) {
  Eigenpairs out{Eigen::VectorXd(width), {}};
  {
    Eigen::MatrixXf whole = matrix.whole();
    out.vectors = lapack::largest_eigenvectors(whole, width);
  }
  const Eigen::MatrixXf images = matrix.apply(out.vectors, threads);
  for (int i = 0; i < width; ++i) out.values[i] = out.vectors.col(i).cast<double>().dot(images.col(i).cast<double>());
  return out;
}

Decomposition in_float32(ConstMatrixRef points, const KernelPcaOptions& options, const Progress& progress) {
  const int width = static_cast<int>(options.width);
  std::int64_t tiles = 0;
  const KernelMatrix matrix(points, options.kernel, options.threads, [&](std::int64_t done, std::int64_t all) {
    tiles = all;
    if (progress) progress(done, 2 * all);
  });
  const double from_values = rounding_in_float32(matrix.size(), matrix.largest());
  const Eigen::Index most = std::min(widths_in_basis * std::max(width, lanczos_block), matrix.size() / 2);
  const SymmetricOperator product{matrix.size(), [&](const Eigen::MatrixXf& x) { return matrix.apply(x, options.threads); }};
  std::string solver = "lanczos";
  std::optional<Eigenpairs> found = largest_eigenpairs(
      product, {.count = width, .block = lanczos_block, .rounding = least_part_float32, .floor = from_values, .most = most}, [&](Eigen::Index columns) {
        if (progress) progress(tiles + tiles * columns / most, 2 * tiles);
      });
  if (!found) {
    found = by_lapack(matrix, width, options.threads);
    solver = "lapack";
  }
  const double least = std::max(least_part_float32 * found->values[0], from_values);
  return {found->values, found->vectors.cast<double>(), matrix.trace(), least, solver};
}

double sign_of_largest(const Eigen::VectorXd& vector) {
  Eigen::Index largest = 0;
  for (Eigen::Index i = 1; i < vector.size(); ++i) {
    if (std::abs(vector[i]) > std::abs(vector[largest])) largest = i;
  }
  return vector[largest] < 0 ? -1 : 1;
}

void check_input(ConstMatrixRef points, const KernelPcaOptions& options) {
  if (points.rows() < 2) throw Error(fmt::format("kernel PCA needs at least 2 points, there are {}", points.rows()));
  if (options.width < 1 || options.width > points.rows()) {
    throw Error(fmt::format("kernel PCA of {} points to {} dimensions: there are 1 to {}", points.rows(), options.width, points.rows()));
  }
  if (!all_finite(points)) throw Error("kernel PCA: a coordinate is not finite");
}

}  // namespace

Eigen::VectorXd KernelPca::explained_variance_ratio() const {
  if (!(trace > 0)) return Eigen::VectorXd::Zero(eigenvalues.size());
  return eigenvalues / trace;
}

KernelPca kernel_pca(ConstMatrixRef points, const KernelPcaOptions& options, const Progress& progress) {
  check_input(points, options);
  const BlasThreads threads(options.threads);
  const Decomposition found = points.rows() <= options.most_in_float64 ? in_float64(points, options) : in_float32(points, options, progress);
  KernelPca out{.embedding = MatrixRf::Zero(points.rows(), options.width),
                .eigenvalues = Eigen::VectorXd::Zero(options.width),
                .trace = std::max(found.trace, 0.0),
                .solver = found.solver};
  for (Eigen::Index i = 0; i < options.width; ++i) {
    if (!(found.values[i] > found.least)) continue;
    out.eigenvalues[i] = found.values[i];
    const Eigen::VectorXd vector = found.vectors.col(i);
    out.embedding.col(i) = (vector * (sign_of_largest(vector) * std::sqrt(found.values[i]))).cast<float>();
  }
  if (progress) progress(1, 1);
  return out;
}

}  // namespace latentgrid
