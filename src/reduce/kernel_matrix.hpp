#pragma once

#include <cstdint>
#include <functional>

#include <Eigen/Core>
#include <hwy/aligned_allocator.h>

#include "base/matrix.hpp"
#include "reduce/kernel_functions.hpp"

namespace latentgrid {

// The centered kernel matrix of some points in float32: panels of its lower half alone, 2·n² bytes and a little. Every value is
// made, and applied, by one thread, and sums have a fixed order: its bits do not depend on the number of threads.
class KernelMatrix {
 public:
  static constexpr std::int64_t panel_rows = 512;

  // `progress(done, total)` may throw to interrupt. Throws Error where a value leaves float32's range.
  KernelMatrix(ConstMatrixRef points, const PairKernel& kernel, int threads, const std::function<void(std::int64_t, std::int64_t)>& progress);

  Eigen::Index size() const { return size_; }
  double trace() const { return trace_; }
  double largest() const { return largest_; }  // of the values before centering, in magnitude

  Eigen::MatrixXf apply(const Eigen::MatrixXf& x, int threads) const;  // the product with the columns of x
  Eigen::MatrixXf whole() const;                                       // both halves

 private:
  static constexpr std::int64_t padding = 16;  // of a row: powers of two between rows would leave much of the caches unused

  using Block = Eigen::Map<MatrixRf, 0, Eigen::OuterStride<>>;

  // Panel p has rows begin(p) to end(p), of columns 0 to end(p).
  std::int64_t begin(std::int64_t panel) const { return panel * panel_rows; }
  std::int64_t end(std::int64_t panel) const { return std::min(begin(panel) + panel_rows, size_); }
  std::int64_t count(std::int64_t panel) const { return end(panel) - begin(panel); }
  static std::int64_t stride(std::int64_t panel) { return (panel + 1) * panel_rows + padding; }
  static std::int64_t values_before(std::int64_t panel) { return (panel * (panel + 1) / 2 * panel_rows + panel * padding) * panel_rows; }
  Block block(std::int64_t panel, std::int64_t column, std::int64_t columns) const {
    float* start = values_.get() + values_before(panel) + column;
    return {start, count(panel), columns, Eigen::OuterStride<>(stride(panel))};
  }
  void make(const float* points, std::int64_t width, std::int64_t panel, std::int64_t column, std::int64_t columns) const;
  void center(int threads);
  void multiply(std::int64_t first, std::int64_t rows, const float* right, float* out) const;

  PairKernel kernel_;
  std::int64_t size_, panels_;
  Eigen::VectorXf squares_;  // of the points
  double trace_ = 0, largest_ = 0;
  hwy::AlignedFreeUniquePtr<float[]> values_;  // panel after panel, each row after row
};

}  // namespace latentgrid
