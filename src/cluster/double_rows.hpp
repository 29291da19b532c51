#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/matrix.hpp"

namespace latentgrid {

// Points in float64, one a row, which may be overwritten; the number of columns is rounded up to a multiple of 8 with zeros.
class DoubleRows {
 public:
  explicit DoubleRows(ConstMatrixRef points);

  std::int64_t count() const { return count_; }
  std::size_t width() const { return width_; }
  double* row(std::int64_t i) { return values_.get() + static_cast<std::size_t>(i) * width_; }
  const double* row(std::int64_t i) const { return values_.get() + static_cast<std::size_t>(i) * width_; }

  // out[i] = squared Euclidean distance of `from`, a row, and row begin + i, for i below end - begin; of row indices[i].
  // The sum of squared differences, so that equal rows are exactly 0 apart and the distance is symmetric; every sum has one fixed order
  // of additions without fused multiply-adds: the bits depend neither on the instruction set nor on what else is asked for.
  // SIMD by Google Highway, dispatched at run time. Thread-safe.
  void squared_distances(const double* from, std::int64_t begin, std::int64_t end, double* out) const;
  void squared_distances(const double* from, std::span<const std::int32_t> indices, double* out) const;
  double squared_distance(const double* from, std::int64_t to) const;

 private:
  hwy::AlignedFreeUniquePtr<double[]> values_;
  std::int64_t count_;
  std::size_t width_;
};

}  // namespace latentgrid
