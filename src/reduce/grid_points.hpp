#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Points in one or two dimensions on a regular grid: each has to do with the `order` nodes along an axis around it, by the
// values there of a cardinal B-spline of that order (Essmann et al. 1995, smooth particle mesh Ewald). Keeps its room for the
// next call of place(). Not thread-safe, but for the const functions.
class GridPoints {
 public:
  static constexpr int order = 6;
  static constexpr int padded_order = 8;  // of the rows of `values` and `slopes`; zeros beyond the order
  static constexpr float spacing = 1.0f / 3;

  struct Point {
    std::int32_t index;
    std::int32_t x, y;  // its first node along the axes
    float value_x[padded_order], slope_x[padded_order], value_y[padded_order], slope_y[padded_order];
  };

  // Nodes along an axis; 1 along one that isn't there.
  static std::int64_t nodes(const MatrixRf& embedding, Eigen::Index axis);

  void place(const MatrixRf& embedding, int threads);

  // By x, then by index.
  const std::vector<Point>& points() const { return points_; }
  // The points whose first node along x is `x` are points()[begin(x)] to points()[begin(x + 1)].
  std::int64_t begin(std::int64_t x) const { return begins_[x]; }

  // The transform of the spline's values at the nodes, at a frequency of a transform of `length`.
  static double transform(std::int64_t frequency, std::int64_t length);

 private:
  std::vector<Point> points_;
  std::vector<std::int64_t> begins_, slots_;
};

}  // namespace latentgrid
