#pragma once

#include <cstddef>

namespace latentgrid {

// The inner loops of gmm.cpp over a block of points, in float64. A block holds one dimension a row: value i of point b is
// x[i * gmm_block + b]; rows beyond the points may hold any finite number. No fused multiply-adds and a fixed order of
// additions: equal bits on every instruction set.
constexpr std::size_t gmm_block = 128;

// out = lower · (x - center), for a lower triangular matrix, row-major, width × width.
struct TriangularTask {
  const double* x;
  const double* center;
  const double* lower;
  std::size_t width;
  double* centered;  // scratch: width × gmm_block
  double* out;       // width × gmm_block
};
void gmm_transform(const TriangularTask& task);

// squares[b] = sum over i of (scale[i] · (x[i][b] - center[i]))²; without a scale, of (x[i][b] - center[i])².
void gmm_squares(const double* x, const double* center, const double* scale, std::size_t width, double* squares);

// values (k × gmm_block) become exp(values - maximum) / sum, the maximum and the sum of every point go to their places.
void gmm_softmax(double* values, std::size_t k, double* maximum, double* sum);

enum class Moments { first, diagonal, all };
// Adds up weight · d and, of `all`, weight · d · dᵀ (its lower triangle), of `diagonal`, weight · d², where d = x - center.
struct MomentsTask {
  const double* x;
  const double* center;
  const double* weights;  // of the points, 0 beyond the last
  std::size_t width;
  Moments moments;
  double* centered;  // scratch: width × gmm_block each
  double* weighted;
  double* weight;    // the results, added to: a number,
  double* first;     // width,
  double* second;    // width × width or width
};
void gmm_add_moments(const MomentsTask& task);

}  // namespace latentgrid
