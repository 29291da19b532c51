#include "reduce/grid_points.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr int spline_order = GridPoints::order;
constexpr int lanes = 8;                     // points side by side
constexpr std::int64_t points_placed_at_once = 512;  // a multiple of the lanes

using Lanes = float[lanes];

// The B-spline at fraction + spline_order - 1 - j for nodes j = 0 .. 5 from the first that the point touches, and its derivative
// there, by the recursion of Essmann et al.
void splines(const Lanes& fraction, Lanes* values, Lanes* slopes) {
  for (int l = 0; l < lanes; ++l) {
    values[spline_order - 1][l] = 0;
    values[1][l] = fraction[l];
    values[0][l] = 1 - fraction[l];
  }
  auto raise = [&](int k) {
    const float scale = 1 / static_cast<float>(k - 1);
    for (int l = 0; l < lanes; ++l) values[k - 1][l] = scale * fraction[l] * values[k - 2][l];
    for (int j = 1; j < k - 1; ++j) {
      for (int l = 0; l < lanes; ++l) {
        values[k - j - 1][l] = scale * ((fraction[l] + static_cast<float>(j)) * values[k - j - 2][l] +
                                        (static_cast<float>(k - j) - fraction[l]) * values[k - j - 1][l]);
      }
    }
    for (int l = 0; l < lanes; ++l) values[0][l] *= scale * (1 - fraction[l]);
  };
  for (int k = 3; k < spline_order; ++k) raise(k);
  for (int l = 0; l < lanes; ++l) slopes[0][l] = -values[0][l];
  for (int j = 1; j < spline_order; ++j) {
    for (int l = 0; l < lanes; ++l) slopes[j][l] = values[j - 1][l] - values[j][l];
  }
  raise(spline_order);
}

float position(const MatrixRf& embedding, Eigen::Index point, Eigen::Index axis, float origin) {
  return (embedding(point, axis) - origin) / GridPoints::spacing;
}

}  // namespace

std::int64_t GridPoints::nodes(const MatrixRf& embedding, Eigen::Index axis) {
  if (axis >= embedding.cols()) return 1;
  const float extent = embedding.col(axis).maxCoeff() - embedding.col(axis).minCoeff();
  return static_cast<std::int64_t>(std::floor(extent / spacing)) + order + 1;
}

double GridPoints::transform(std::int64_t frequency, std::int64_t length) {
  // Its values at the nodes are (1, 26, 66, 26, 1) / 120.
  const double angle = 2 * std::numbers::pi * static_cast<double>(frequency) / static_cast<double>(length);
  return (66 + 52 * std::cos(angle) + 2 * std::cos(2 * angle)) / 120;
}

void GridPoints::place(const MatrixRf& embedding, int threads) {
  const Eigen::Index n = embedding.rows(), dim = embedding.cols();
  const float origins[2] = {embedding.col(0).minCoeff(), dim == 2 ? embedding.col(1).minCoeff() : 0.0f};
  // Counting sort by the first node along x.
  begins_.assign(nodes(embedding, 0) + 1, 0);
  for (Eigen::Index i = 0; i < n; ++i) ++begins_[static_cast<std::int64_t>(position(embedding, i, 0, origins[0])) + 1];
  for (std::size_t x = 1; x < begins_.size(); ++x) begins_[x] += begins_[x - 1];
  slots_ = begins_;
  points_.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    points_[slots_[static_cast<std::int64_t>(position(embedding, i, 0, origins[0]))]++].index = static_cast<std::int32_t>(i);
  }
  parallel_for((n + points_placed_at_once - 1) / points_placed_at_once, threads, [&](std::int64_t task) {
    const Eigen::Index end = std::min<Eigen::Index>((task + 1) * points_placed_at_once, n);
    for (Eigen::Index first = task * points_placed_at_once; first < end; first += lanes) {
      const int count = static_cast<int>(std::min<Eigen::Index>(lanes, end - first));
      for (Eigen::Index axis = 0; axis < 2; ++axis) {
        Lanes fractions = {}, values[spline_order], slopes[spline_order];
        std::int32_t cells[lanes] = {};
        for (int l = 0; axis < dim && l < count; ++l) {
          const float at = position(embedding, points_[first + l].index, axis, origins[axis]);
          cells[l] = static_cast<std::int32_t>(at);
          fractions[l] = at - static_cast<float>(cells[l]);
        }
        splines(fractions, values, slopes);
        for (int l = 0; l < count; ++l) {
          Point& point = points_[first + l];
          (axis == 0 ? point.x : point.y) = cells[l];
          float* const value = axis == 0 ? point.value_x : point.value_y;
          float* const slope = axis == 0 ? point.slope_x : point.slope_y;
          for (int j = 0; j < padded_order; ++j) {
            value[j] = axis < dim ? (j < spline_order ? values[j][l] : 0.0f) : (j == 0 ? 1.0f : 0.0f);
            slope[j] = axis < dim && j < spline_order ? slopes[j][l] : 0.0f;
          }
        }
      }
    }
  });
}

}  // namespace latentgrid
