#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Rows laid out for the distance kernel: the number of columns is rounded up to a multiple of 8 with zeros. A matrix
// that already is such a multiple is used where it lies and must outlive this object.
class DistanceRows {
 public:
  explicit DistanceRows(ConstMatrixRef rows);
  DistanceRows(DistanceRows&&) = default;
  DistanceRows(const DistanceRows&) = delete;

  std::int64_t count() const { return count_; }
  std::int64_t width() const { return width_; }
  const float* row(std::int64_t i) const { return data_ + i * width_; }

 private:
  std::vector<float> padded_;
  const float* data_ = nullptr;
  std::int64_t count_ = 0, width_ = 0;
};

// out[i * out_stride + j] = squared Euclidean distance of row a_begin + i of `a` and row b_begin + j of `b`, in
// float32, as the sum of squared differences (no cancellation: equal rows are exactly 0 apart, and the distance is
// symmetric). Every sum has one fixed order of additions without fused multiply-adds: the bits depend on the two rows
// alone, not on the block, the threads or the instruction set (SIMD by Google Highway, dispatched at run time).
// Thread-safe.
void squared_distances(const DistanceRows& a, std::int64_t a_begin, std::int64_t a_end, const DistanceRows& b,
                       std::int64_t b_begin, std::int64_t b_end, float* out, std::int64_t out_stride);

// The instruction set that this machine's dispatch chooses: "AVX2", "NEON", ...
std::string simd_target();

}  // namespace latentgrid
