#include "reduce/tsne_grid.hpp"

#include <kiss_fft.h>
#include <kiss_fftr.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr int order = 6;  // of the B-splines; a point touches so many nodes along an axis
constexpr std::int64_t max_nodes = 3072;
constexpr std::int64_t lines_a_task = 16;
constexpr std::int64_t points_a_task = 1024;

using Complex = std::complex<float>;
using ComplexPlan = std::unique_ptr<kiss_fft_state, decltype(&std::free)>;
using RealPlan = std::unique_ptr<kiss_fftr_state, decltype(&std::free)>;

ComplexPlan complex_plan(std::int64_t length, bool inverse) {
  return {kiss_fft_alloc(static_cast<int>(length), inverse, nullptr, nullptr), &std::free};
}
RealPlan real_plan(std::int64_t length, bool inverse) {
  return {kiss_fftr_alloc(static_cast<int>(length), inverse, nullptr, nullptr), &std::free};
}

kiss_fft_cpx* kiss(Complex* values) { return reinterpret_cast<kiss_fft_cpx*>(values); }

// Calls function(first, last) for fixed chunks.
template <typename Function>
void for_chunks(std::int64_t count, std::int64_t chunk, int threads, const Function& function) {
  parallel_for((count + chunk - 1) / chunk, threads,
               [&](std::int64_t c) { function(c * chunk, std::min((c + 1) * chunk, count)); });
}

// The order-6 cardinal B-spline at fraction + order - 1 - j for nodes j = 0 .. 5 right of the point's cell, and its
// derivative there, by the recursion of Essmann et al.
void spline(float fraction, float* values, float* derivatives) {
  values[order - 1] = 0;
  values[1] = fraction;
  values[0] = 1 - fraction;
  auto raise = [&](int k) {
    const float scale = 1 / static_cast<float>(k - 1);
    values[k - 1] = scale * fraction * values[k - 2];
    for (int j = 1; j < k - 1; ++j) {
      values[k - j - 1] = scale * ((fraction + static_cast<float>(j)) * values[k - j - 2] +
                                   (static_cast<float>(k - j) - fraction) * values[k - j - 1]);
    }
    values[0] *= scale * (1 - fraction);
  };
  for (int k = 3; k < order; ++k) raise(k);
  derivatives[0] = -values[0];
  for (int j = 1; j < order; ++j) derivatives[j] = values[j - 1] - values[j];
  raise(order);
}

// The transform of the B-spline at the nodes, (1, 26, 66, 26, 1) / 120.
double spline_transform(std::int64_t frequency, std::int64_t length) {
  const double angle = 2 * std::numbers::pi * static_cast<double>(frequency) / static_cast<double>(length);
  return (66 + 52 * std::cos(angle) + 2 * std::cos(2 * angle)) / 120;
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

// Twice the nodes, and what the splines' inverse reaches; an even number of small factors.
std::int64_t padded(std::int64_t nodes) {
  return kiss_fftr_next_fast_size_real(static_cast<int>(2 * nodes + 16));
}

}  // namespace

// Where the points lie along one axis.
struct TsneGrid::Axis {
  Axis(const MatrixRf& embedding, Eigen::Index column) {
    if (column >= embedding.cols()) return;
    origin = embedding.col(column).minCoeff();
    nodes = static_cast<std::int64_t>(extent(embedding, column)) + order + 1;
  }
  // In nodes.
  static double extent(const MatrixRf& embedding, Eigen::Index column) {
    return std::floor((embedding.col(column).maxCoeff() - embedding.col(column).minCoeff()) / spacing);
  }

  float origin = 0;
  std::int64_t nodes = 1;
};

// What each point has to do with the nodes along both axes; of one node with weight 1 along an axis that isn't there.
struct TsneGrid::Weights {
  struct Point {
    std::int32_t first[2] = {};
    float values[2][order] = {}, derivatives[2][order] = {};
  };

  Weights(const MatrixRf& embedding, const Axis& x, const Axis& y, int threads)
      : reach_y(embedding.cols() == 2 ? order : 1), points(embedding.rows()), by_row(embedding.rows()), row_starts(x.nodes + 1) {
    const std::array<const Axis*, 2> axes{&x, &y};
    for_chunks(embedding.rows(), points_a_task, threads, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        for (Eigen::Index a = 0; a < 2; ++a) {
          if (a >= embedding.cols()) {
            points[i].values[a][0] = 1;
            continue;
          }
          const float position = (embedding(i, a) - axes[a]->origin) / spacing, cell = std::floor(position);
          points[i].first[a] = static_cast<std::int32_t>(cell);
          spline(position - cell, points[i].values[a], points[i].derivatives[a]);
        }
      }
    });
    for (const Point& point : points) ++row_starts[point.first[0] + 1];
    for (std::int64_t row = 0; row < x.nodes; ++row) row_starts[row + 1] += row_starts[row];
    std::vector<std::int64_t> next(row_starts.begin(), row_starts.end() - 1);
    for (std::size_t i = 0; i < points.size(); ++i) by_row[next[points[i].first[0]]++] = static_cast<std::int32_t>(i);
  }

  int reach_y;  // nodes that a point touches along y
  std::vector<Point> points;
  std::vector<std::int32_t> by_row;      // the points, by their first row of nodes
  std::vector<std::int64_t> row_starts;  // where a row's begin in it
};

bool TsneGrid::fits(const MatrixRf& embedding) {
  for (Eigen::Index column = 0; column < embedding.cols(); ++column) {
    if (!(Axis::extent(embedding, column) < max_nodes - order - 1)) return false;
  }
  return true;
}

void TsneGrid::prepare(std::int64_t nodes_x, std::int64_t nodes_y) {
  nodes_x_ = nodes_x;
  nodes_y_ = nodes_y;
  const std::int64_t wide_x = padded(nodes_x), wide_y = padded(nodes_y);
  grid_.assign(nodes_x * wide_y, 0.0f);
  if (wide_x == padded_x_ && wide_y == padded_y_) return;
  padded_x_ = wide_x;
  padded_y_ = wide_y;

  // 1 / (1 + d²) of every displacement, around node 0; rows first.
  const std::int64_t half = padded_y_ / 2 + 1;
  std::vector<Complex> transform(half * padded_x_);
  for_chunks(padded_x_, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    const RealPlan plan = real_plan(padded_y_, false);
    std::vector<float> line(padded_y_);
    std::vector<Complex> out(half);
    for (std::int64_t x = begin; x < end; ++x) {
      const auto dx = static_cast<double>(std::min(x, padded_x_ - x)) * spacing;
      for (std::int64_t y = 0; y < padded_y_; ++y) {
        const auto dy = static_cast<double>(std::min(y, padded_y_ - y)) * spacing;
        line[y] = static_cast<float>(1 / (1 + dx * dx + dy * dy));
      }
      kiss_fftr(plan.get(), line.data(), kiss(out.data()));
      for (std::int64_t y = 0; y < half; ++y) transform[y * padded_x_ + x] = out[y];
    }
  });
  // The splines blur twice, when points are spread and when they are read: divided out here.
  kernel_.resize(half * padded_x_);
  const bool flat = nodes_y_ == 1;
  for_chunks(half, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    const ComplexPlan plan = complex_plan(padded_x_, false);
    std::vector<Complex> out(padded_x_);
    const double scale = 1 / (static_cast<double>(padded_x_) * static_cast<double>(padded_y_));
    for (std::int64_t y = begin; y < end; ++y) {
      kiss_fft(plan.get(), kiss(&transform[y * padded_x_]), kiss(out.data()));
      const double blur_y = flat ? 1 : spline_transform(y, padded_y_);
      for (std::int64_t x = 0; x < padded_x_; ++x) {
        const double blur = blur_y * spline_transform(x, padded_x_);
        kernel_[y * padded_x_ + x] = static_cast<float>(scale * out[x].real() / (blur * blur));
      }
    }
  });
}

// grid_ becomes its convolution with the kernel. Rows and columns of zeros, and results nobody reads, are left out.
void TsneGrid::convolve() {
  const std::int64_t half = padded_y_ / 2 + 1;
  std::vector<Complex> columns(half * nodes_x_);
  for_chunks(nodes_x_, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    const RealPlan plan = real_plan(padded_y_, false);
    std::vector<Complex> out(half);
    for (std::int64_t x = begin; x < end; ++x) {
      kiss_fftr(plan.get(), &grid_[x * padded_y_], kiss(out.data()));
      for (std::int64_t y = 0; y < half; ++y) columns[y * nodes_x_ + x] = out[y];
    }
  });
  for_chunks(half, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    const ComplexPlan there = complex_plan(padded_x_, false), back = complex_plan(padded_x_, true);
    std::vector<Complex> in(padded_x_), out(padded_x_);
    for (std::int64_t y = begin; y < end; ++y) {
      Complex* const column = &columns[y * nodes_x_];
      std::copy(column, column + nodes_x_, in.begin());
      std::fill(in.begin() + nodes_x_, in.end(), Complex());
      kiss_fft(there.get(), kiss(in.data()), kiss(out.data()));
      const float* const kernel = &kernel_[y * padded_x_];
      for (std::int64_t x = 0; x < padded_x_; ++x) out[x] *= kernel[x];
      kiss_fft(back.get(), kiss(out.data()), kiss(in.data()));
      std::copy(in.begin(), in.begin() + nodes_x_, column);
    }
  });
  for_chunks(nodes_x_, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    const RealPlan plan = real_plan(padded_y_, true);
    std::vector<Complex> in(half);
    for (std::int64_t x = begin; x < end; ++x) {
      for (std::int64_t y = 0; y < half; ++y) in[y] = columns[y * nodes_x_ + x];
      kiss_fftri(plan.get(), kiss(in.data()), &grid_[x * padded_y_]);
    }
  });
}

// Each row of nodes collects from the points that touch it, always in the same order.
void TsneGrid::spread(const Weights& weights) {
  for_chunks(nodes_x_, lines_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      float* const nodes = &grid_[row * padded_y_];
      for (std::int64_t from = std::max<std::int64_t>(row - order + 1, 0); from <= row; ++from) {
        for (std::int64_t p = weights.row_starts[from]; p < weights.row_starts[from + 1]; ++p) {
          const Weights::Point& point = weights.points[weights.by_row[p]];
          const float value = point.values[0][row - from];
          for (int j = 0; j < weights.reach_y; ++j) nodes[point.first[1] + j] += value * point.values[1][j];
        }
      }
    }
  });
}

// The potential at a point and its derivatives.
TsneGrid::Reading TsneGrid::read(const Weights& weights, std::int64_t i) const {
  const Weights::Point& point = weights.points[i];
  Reading out;
  for (int a = 0; a < order; ++a) {
    const float* const nodes = &grid_[(point.first[0] + a) * padded_y_ + point.first[1]];
    float along = 0, slope = 0;
    for (int j = 0; j < weights.reach_y; ++j) {
      along += point.values[1][j] * nodes[j];
      slope += point.derivatives[1][j] * nodes[j];
    }
    out.potential += point.values[0][a] * along;
    out.slopes[0] += point.derivatives[0][a] * along / spacing;
    out.slopes[1] += point.values[0][a] * slope / spacing;
  }
  return out;
}

Repulsion TsneGrid::repulsion(const MatrixRf& embedding) {
  const std::int64_t n = embedding.rows(), dim = embedding.cols();
  if (dim < 1 || dim > 2 || !fits(embedding)) {
    throw Error("t-SNE: the embedding is too wide for a grid, or has more than 2 dimensions");
  }
  const Axis x(embedding, 0), y(embedding, 1);
  prepare(x.nodes, y.nodes);
  const Weights weights(embedding, x, y, threads_);
  spread(weights);
  convolve();
  Repulsion out{.forces = std::vector<double>(embedding.size())};
  std::vector<double> potentials(n);
  for_chunks(n, points_a_task, threads_, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const Reading at = read(weights, i);
      potentials[i] = at.potential;
      // ∇_i Σ_j 1/(1 + d²) = -2·Σ_j (y_i - y_j)/(1 + d²)²
      for (std::int64_t k = 0; k < dim; ++k) out.forces[i * dim + k] = -0.5 * at.slopes[k];
    }
  });
  for (double potential : potentials) out.normalizer += potential - 1;  // without the point itself
  remove_net_force(out.forces, dim);
  return out;
}

}  // namespace latentgrid
