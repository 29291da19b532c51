#include "reduce/tsne_grid.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr float max_extent = 3072 - GridPoints::order - 1;  // in nodes
constexpr std::int64_t rows_a_task = 16, points_a_task = 1024;
constexpr std::int64_t margin = 16;  // what the splines' inverse reaches, in nodes
constexpr int order = GridPoints::order, padded_order = GridPoints::padded_order;

// 1 / (1 + d²)
double kernel(std::int64_t x, std::int64_t y) {
  constexpr double unit = GridPoints::spacing;
  const double dx = static_cast<double>(x) * unit, dy = static_cast<double>(y) * unit;
  return 1 / (1 + dx * dx + dy * dy);
}

// The splines blur twice, when points are spread and when they are read: divided out of the kernel.
double deblur(std::int64_t frequency, std::int64_t length) {
  const double blur = GridPoints::transform(frequency, length);
  return 1 / (blur * blur);
}

// Calls function(first, last) for fixed chunks.
template <typename Function>
void for_chunks(std::int64_t count, std::int64_t chunk, int threads, const Function& function) {
  parallel_for((count + chunk - 1) / chunk, threads,
               [&](std::int64_t c) { function(c * chunk, std::min((c + 1) * chunk, count)); });
}

// Forces between pairs cancel in sum, those of a grid nearly so; what is left would push the whole embedding along.
void remove_net_force(std::vector<double>& forces, std::int64_t dim) {
  const std::int64_t points = static_cast<std::int64_t>(forces.size()) / dim;
  for (std::int64_t k = 0; k < dim; ++k) {
    double net = 0;
    for (std::int64_t i = 0; i < points; ++i) net += forces[i * dim + k];
    for (std::int64_t i = 0; i < points; ++i) forces[i * dim + k] -= net / static_cast<double>(points);
  }
}

}  // namespace

TsneGrid::TsneGrid(int threads) : threads_(threads), convolution_(kernel, deblur) {}

bool TsneGrid::fits(const MatrixRf& embedding) {
  for (Eigen::Index column = 0; column < embedding.cols(); ++column) {
    const float extent = embedding.col(column).maxCoeff() - embedding.col(column).minCoeff();
    if (!(extent / GridPoints::spacing < max_extent)) return false;
  }
  return true;
}

// Each row of nodes collects from the points that touch it, always in the same order.
void TsneGrid::spread() {
  for_chunks(nodes_x_, rows_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    std::fill(grid_.begin() + begin * pitch_, grid_.begin() + end * pitch_, 0.0f);
    for (std::int64_t row = begin; row < end; ++row) {
      float* const nodes = &grid_[row * pitch_];
      for (std::int64_t x = std::max<std::int64_t>(row - order + 1, 0); x <= row; ++x) {
        for (std::int64_t p = points_.begin(x); p < points_.begin(x + 1); ++p) {
          const GridPoints::Point& point = points_.points()[p];
          const float value = point.value_x[row - x];
          for (int j = 0; j < padded_order; ++j) nodes[point.y + j] += value * point.value_y[j];
        }
      }
    }
  });
}

// The potential at a point and its derivatives.
TsneGrid::Reading TsneGrid::read(const GridPoints::Point& point) const {
  float along[padded_order] = {}, slope[padded_order] = {};
  for (int a = 0; a < order; ++a) {
    const float* const nodes = &grid_[(point.x + a) * pitch_ + point.y];
    for (int j = 0; j < padded_order; ++j) {
      along[j] += point.value_x[a] * nodes[j];
      slope[j] += point.slope_x[a] * nodes[j];
    }
  }
  Reading out{};
  for (int j = 0; j < order; ++j) {
    out.potential += point.value_y[j] * along[j];
    out.slope_x += point.value_y[j] * slope[j];
    out.slope_y += point.slope_y[j] * along[j];
  }
  return out;
}

Repulsion TsneGrid::repulsion(const MatrixRf& embedding) {
  const std::int64_t dim = embedding.cols();
  if (dim < 1 || dim > 2 || !fits(embedding)) {
    throw Error("t-SNE: the embedding is too wide for a grid, or has more than 2 dimensions");
  }
  points_.place(embedding, threads_);
  nodes_x_ = GridPoints::nodes(embedding, 0);
  nodes_y_ = GridPoints::nodes(embedding, 1);
  pitch_ = nodes_y_ + padded_order;
  grid_.resize(nodes_x_ * pitch_ + order * pitch_);
  spread();
  convolution_.convolve(grid_.data(), nodes_x_, nodes_y_, pitch_, margin, threads_);
  Repulsion out{.forces = std::vector<double>(embedding.size())};
  std::vector<double> potentials(embedding.rows());
  for_chunks(embedding.rows(), points_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const GridPoints::Point& point = points_.points()[p];
      const Reading at = read(point);
      potentials[p] = at.potential;
      // ∇_i Σ_j 1/(1 + d²) = -2·Σ_j (y_i - y_j)/(1 + d²)²
      double* const force = &out.forces[point.index * dim];
      force[0] = -0.5 * at.slope_x / GridPoints::spacing;
      if (dim == 2) force[1] = -0.5 * at.slope_y / GridPoints::spacing;
    }
  });
  for (double potential : potentials) out.normalizer += potential - 1;  // without the point itself
  remove_net_force(out.forces, dim);
  return out;
}

}  // namespace latentgrid
