#include "reduce/kernel_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "base/blas_threads.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "reduce/thin_product.hpp"

extern "C" {
void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const float* alpha, const float* a,
            const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void ssyrk_(const char* uplo, const char* trans, const int* n, const int* k, const float* alpha, const float* a, const int* lda,
            const float* beta, float* c, const int* ldc);
}

namespace latentgrid {

namespace {

constexpr std::int64_t panel_columns = 1024;  // of a panel; those of the diagonal are apart
constexpr std::int64_t pieces_between_progress = 32;
constexpr std::int64_t kernel_rows_at_once = 256;  // of a product; divides those of a panel

// As the kernel takes them: moved by their mean, divided by their lengths. Nothing where they stay as they are.
MatrixRf prepared(ConstMatrixRef points, KernelFunction function, bool moved, int threads) {
  if (!moved && function != KernelFunction::cosine) return {};
  MatrixRf out(points.rows(), points.cols());
  Eigen::RowVectorXf mean = Eigen::RowVectorXf::Zero(points.cols());
  if (moved) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(points.cols());
    for (Eigen::Index i = 0; i < points.rows(); ++i) sum += points.row(i).cast<double>();
    mean = (sum / static_cast<double>(points.rows())).cast<float>();
  }
  parallel_for(points.rows(), threads, [&](std::int64_t i) {
    out.row(i) = points.row(i) - mean;
    if (function != KernelFunction::cosine) return;
    const double length = out.row(i).cast<double>().norm();
    if (length > 0) out.row(i) = (out.row(i).cast<double>() / length).cast<float>();
  });
  return out;
}

}  // namespace

KernelMatrix::KernelMatrix(ConstMatrixRef points, const PairKernel& kernel, int threads,
                           const std::function<void(std::int64_t, std::int64_t)>& progress)
    : kernel_(kernel),
      size_(points.rows()),
      panels_((points.rows() + panel_rows - 1) / panel_rows),
      squares_(points.rows()),
      values_(hwy::AllocateAligned<float>(static_cast<std::size_t>(values_before(panels_)))) {
  if (!values_) throw std::bad_alloc();
  const MatrixRf own = prepared(points, kernel.function, kernel.ignores_shifts(), threads);
  const float* data = own.size() > 0 ? own.data() : points.data();
  parallel_for(size_, threads, [&](std::int64_t i) {
    squares_[i] = static_cast<float>(Eigen::Map<const Eigen::VectorXf>(data + i * points.cols(), points.cols()).cast<double>().squaredNorm());
  });
  struct Piece {
    std::int64_t panel, column, columns;
  };
  std::vector<Piece> pieces;
  for (std::int64_t panel = 0; panel < panels_; ++panel) {
    for (std::int64_t column = 0; column < begin(panel); column += panel_columns) {
      pieces.push_back({panel, column, std::min(panel_columns, begin(panel) - column)});
    }
    pieces.push_back({panel, begin(panel), count(panel)});
  }
  const auto all = static_cast<std::int64_t>(pieces.size());
  for (std::int64_t first = 0; first < all; first += pieces_between_progress) {
    const std::int64_t last = std::min(first + pieces_between_progress, all);
    parallel_for(last - first, threads, [&](std::int64_t i) {
      const Piece& piece = pieces[static_cast<std::size_t>(first + i)];
      make(data, points.cols(), piece.panel, piece.column, piece.columns);
    });
    progress(last, all);
  }
  center(threads);
}

void KernelMatrix::make(const float* points, std::int64_t width, std::int64_t panel, std::int64_t column, std::int64_t columns) const {
  Block out = block(panel, column, columns);
  const BlasThreads one_thread(1);
  // To BLAS a row-major matrix is the column-major transposed one.
  const int m = static_cast<int>(columns), n = static_cast<int>(count(panel)), k = static_cast<int>(width), stride_of_out = static_cast<int>(stride(panel));
  const float one = 1, zero = 0;
  const float* right = points + column * width;
  const bool diagonal = column == begin(panel);
  if (diagonal) {
    ssyrk_("U", "T", &n, &k, &one, right, &k, &zero, out.data(), &stride_of_out);  // the lower half of rows
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = i + 1; j < n; ++j) out(i, j) = out(j, i);
    }
  } else {
    sgemm_("T", "N", &m, &n, &k, &one, right, &k, points + begin(panel) * width, &k, &zero, out.data(), &stride_of_out);
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    apply_kernel(kernel_, squares_[begin(panel) + i], squares_.data() + column, static_cast<std::size_t>(columns), out.row(i).data());
    if (diagonal && kernel_.function == KernelFunction::rbf) out(i, i) = 0;
  }
}

// value - mean of its row - mean of its column + mean of all.
void KernelMatrix::center(int threads) {
  Eigen::VectorXd means(size_), largest(panels_);
  parallel_for(panels_, threads, [&](std::int64_t panel) {
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(count(panel));
    const Block own = block(panel, 0, end(panel));
    for (Eigen::Index i = 0; i < own.rows(); ++i) sums[i] = own.row(i).cast<double>().sum();
    for (std::int64_t below = panel + 1; below < panels_; ++below) {
      const Block part = block(below, begin(panel), count(panel));
      for (Eigen::Index i = 0; i < part.rows(); ++i) sums += part.row(i).transpose().cast<double>();
    }
    means.segment(begin(panel), count(panel)) = sums / static_cast<double>(size_);
    largest[panel] = own.cwiseAbs().maxCoeff();
  });
  largest_ = largest.maxCoeff();
  if (!means.allFinite() || !std::isfinite(largest_)) {
    throw Error("kernel PCA: values of the kernel are too large for float32; standardize the points first, or choose a smaller gamma");
  }
  const double mean = means.mean();
  const Eigen::RowVectorXf others = (means.array() - mean).cast<float>().transpose();
  parallel_for(size_, threads, [&](std::int64_t i) {
    const std::int64_t panel = i / panel_rows;
    auto row = block(panel, 0, end(panel)).row(i - begin(panel));
    row.array() = (row.array() - static_cast<float>(means[i])) - others.head(end(panel)).array();
  });
  for (std::int64_t panel = 0; panel < panels_; ++panel) trace_ += block(panel, begin(panel), count(panel)).diagonal().cast<double>().sum();
}

// Rows `first` on of the matrix, all within one panel, times `right` (thin_columns values a row).
void KernelMatrix::multiply(std::int64_t first, std::int64_t rows, const float* right, float* out) const {
  constexpr auto thin = static_cast<std::int64_t>(thin_columns);
  const std::int64_t panel = first / panel_rows;
  const Block own = block(panel, 0, end(panel));
  add_thin_product({.matrix = own.data() + (first - begin(panel)) * stride(panel),
                    .stride = static_cast<std::size_t>(stride(panel)),
                    .rows = static_cast<std::size_t>(rows),
                    .columns = static_cast<std::size_t>(end(panel)),
                    .right = right,
                    .out = out});
  for (std::int64_t below = panel + 1; below < panels_; ++below) {
    add_transposed_thin_product({.matrix = block(below, first, rows).data(),
                                 .stride = static_cast<std::size_t>(stride(below)),
                                 .rows = static_cast<std::size_t>(count(below)),
                                 .columns = static_cast<std::size_t>(rows),
                                 .right = right + begin(below) * thin,
                                 .out = out});
  }
}

Eigen::MatrixXf KernelMatrix::apply(const Eigen::MatrixXf& x, int threads) const {
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, static_cast<int>(thin_columns), Eigen::RowMajor>;
  constexpr auto thin = static_cast<Eigen::Index>(thin_columns);
  Eigen::MatrixXf out(size_, x.cols());
  Rows right(size_, thin);
  for (Eigen::Index column = 0; column < x.cols(); column += thin) {
    const Eigen::Index columns = std::min(thin, x.cols() - column);
    right.setZero();
    right.leftCols(columns) = x.middleCols(column, columns);
    parallel_for((size_ + kernel_rows_at_once - 1) / kernel_rows_at_once, threads, [&](std::int64_t part) {
      const std::int64_t first = part * kernel_rows_at_once, rows = std::min(kernel_rows_at_once, size_ - first);
      Rows own = Rows::Zero(rows, thin);
      multiply(first, rows, right.data(), own.data());
      out.block(first, column, rows, columns) = own.leftCols(columns);
    });
  }
  return out;
}

Eigen::MatrixXf KernelMatrix::whole() const {
  Eigen::MatrixXf out(size_, size_);
  for (std::int64_t panel = 0; panel < panels_; ++panel) out.block(begin(panel), 0, count(panel), end(panel)) = block(panel, 0, end(panel));
  out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
  return out;
}

}  // namespace latentgrid
