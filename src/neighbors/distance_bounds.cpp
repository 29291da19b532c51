#include "neighbors/distance_bounds.hpp"

#include <algorithm>
#include <limits>

#include "base/blas_threads.hpp"

extern "C" void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const float* alpha,
                       const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c,
                       const int* ldc);

namespace latentgrid {

DistanceBounds::DistanceBounds(ConstMatrixRef points)
    : points_(points),
      mean_(points.cast<double>().colwise().mean().cast<float>()),
      parts_(points.rows()),
      slacks_(points.rows()) {
  const double c = static_cast<double>(points.cols() + 16) * std::numeric_limits<float>::epsilon();
  for (std::int64_t i = 0; i < points.rows(); ++i) {
    const double norm = (points.row(i) - mean_).cast<double>().squaredNorm();
    parts_[i] = static_cast<float>(norm * (1 - c));
    slacks_[i] = static_cast<float>(norm * 2 * c);
  }
}

std::int64_t DistanceBounds::end(std::int64_t block) const {
  return std::min<std::int64_t>(begin(block) + block_rows, points_.rows());
}

void DistanceBounds::copy_centered(std::int64_t block, MatrixRf& out) const {
  out = points_.middleRows(begin(block), end(block) - begin(block)).rowwise() - mean_;
}

void DistanceBounds::products(std::int64_t a, std::int64_t b, Scratch& scratch) const {
  copy_centered(a, scratch.a);
  const MatrixRf& left = scratch.a;
  if (a != b) copy_centered(b, scratch.b);
  const MatrixRf& right = a == b ? scratch.a : scratch.b;
  scratch.products.resize(left.rows(), right.rows());
  const BlasThreads one_thread(1);
  // To BLAS a row-major matrix is the column-major transposed one.
  const int m = static_cast<int>(right.rows()), n = static_cast<int>(left.rows()), k = static_cast<int>(left.cols());
  const float two = 2, zero = 0;
  sgemm_("T", "N", &m, &n, &k, &two, right.data(), &k, left.data(), &k, &zero, scratch.products.data(), &m);
}

}  // namespace latentgrid
