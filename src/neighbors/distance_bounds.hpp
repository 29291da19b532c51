#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Bounds of the squared distances of many pairs at once, for the price of a matrix product: |a - b|² = |a|² + |b|² - 2·aᵀb,
// of points moved so that their mean is 0. Thread-safe.
//
// The identity loses digits where a and b are close, so that it only tells which pairs are worth a look. With a product of
// relative error (d/2 + O(1))·ε against |a||b| (Higham 2002, section 3.1; any order of sums, fused or not) and ε = 2⁻²³, the float32 result of
// squared_distances() lies in [lower, upper()], where
//   lower = |a|²(1 - c) + |b|²(1 - c) - 2·aᵀb,   upper = lower + 2c(|a|² + |b|²),   c = (d + 16)·ε.
// For points whose squared norms about the mean neither overflow float32 nor are below 1e-30; where both of a pair overflow the
// bounds are NaN: compare so that such a pair is kept.
class DistanceBounds {
 public:
  static constexpr std::int64_t block_rows = 256;

  explicit DistanceBounds(ConstMatrixRef points);

  std::int64_t blocks() const { return (points_.rows() + block_rows - 1) / block_rows; }
  std::int64_t begin(std::int64_t block) const { return block * block_rows; }
  std::int64_t end(std::int64_t block) const;

  // The bounds' own parts: lower = part(i) + part(j) - products[i][j].
  float part(std::int64_t point) const { return parts_[point]; }
  const float* parts(std::int64_t block) const { return parts_.data() + begin(block); }
  float upper(float lower, std::int64_t i, std::int64_t j) const { return lower + (slacks_[i] + slacks_[j]); }

  // Room for one call of products(): one a thread.
  struct Scratch {
    MatrixRf a, b, products;
  };

  // scratch.products(i, j) = 2·aᵀb of the points begin(a) + i and begin(b) + j. BLAS, on the calling thread alone.
  void products(std::int64_t a, std::int64_t b, Scratch& scratch) const;

 private:
  void copy_centered(std::int64_t block, MatrixRf& out) const;

  ConstMatrixRef points_;
  Eigen::RowVectorXf mean_;
  std::vector<float> parts_, slacks_;
};

}  // namespace latentgrid
