#include "reduce/tsne_forces.hpp"

// The kernels keep vectors in arrays, which scalable vectors do not allow; those machines use their fixed-size
// instructions.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/tsne_forces.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef LATENTGRID_TSNE_FORCES_TYPES
#define LATENTGRID_TSNE_FORCES_TYPES
namespace latentgrid {

// One call of the kernel: the points [row_begin, row_end) against all.
struct RepulsionTask {
  const float* coordinates;  // dim × stride, one dimension a row; stride is a multiple of 8
  std::size_t stride, points, dim;
  std::size_t degrees_of_freedom;
  std::size_t row_begin, row_end;
  double* forces;       // points × dim
  double* normalizers;  // points
};

constexpr std::size_t kBlockColumns = 4096;

}  // namespace latentgrid
#endif

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Eight sums run side by side whatever the vector length; narrower vectors take several passes over the same eight.
constexpr std::size_t kLanes = 8;
using Tag = hn::CappedTag<float, kLanes>;
using Vec = hn::Vec<Tag>;

HWY_INLINE double sum_lanes(const float* s) {
  return ((static_cast<double>(s[0]) + s[4]) + (static_cast<double>(s[2]) + s[6])) +
         ((static_cast<double>(s[1]) + s[5]) + (static_cast<double>(s[3]) + s[7]));
}

// s^(halves/2), halves >= 2.
HWY_INLINE Vec power_of_halves(Vec s, std::size_t halves) {
  Vec out = s;
  for (std::size_t i = 1; i < halves / 2; ++i) out = hn::Mul(out, s);
  return halves % 2 == 1 ? hn::Mul(out, hn::Sqrt(s)) : out;
}

// Running sums of ROWS points against columns; DIM known at compile time.
template <std::size_t ROWS, std::size_t DIM>
struct Tile {
  Vec own[ROWS][DIM];
  Vec forces[ROWS][DIM];
  Vec normalizers[ROWS];

  HWY_INLINE void load(const RepulsionTask& task, std::size_t row) {
    const Tag d;
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
      normalizers[r] = hn::Zero(d);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) {
        own[r][k] = hn::Set(d, task.coordinates[k * task.stride + row + r]);
        forces[r][k] = hn::Zero(d);
      }
    }
  }

  // Lanes at columns column, column + 1, ...; MASKED leaves out the point itself and columns beyond the last point.
  template <bool MASKED>
  HWY_INLINE void add(const RepulsionTask& task, std::size_t row, std::size_t column) {
    const Tag d;
    const Vec freedom = hn::Set(d, static_cast<float>(task.degrees_of_freedom));
    Vec other[DIM];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < DIM; ++k) other[k] = hn::LoadU(d, task.coordinates + k * task.stride + column);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
      Vec difference[DIM];
      Vec square = hn::Zero(d);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) {
        difference[k] = hn::Sub(own[r][k], other[k]);
        square =
            k == 0 ? hn::Mul(difference[k], difference[k]) : hn::Add(square, hn::Mul(difference[k], difference[k]));
      }
      const Vec s = hn::Div(freedom, hn::Add(freedom, square));
      Vec w = DIM <= 2 ? s : power_of_halves(s, DIM);  // ν + 1 = dim from 2 dimensions on
      if (MASKED) {
        const hn::RebindToSigned<Tag> di;
        const auto at = hn::Iota(di, static_cast<std::int32_t>(column));
        const auto valid = hn::And(hn::Lt(at, hn::Set(di, static_cast<std::int32_t>(task.points))),
                                   hn::Ne(at, hn::Set(di, static_cast<std::int32_t>(row + r))));
        w = hn::IfThenElseZero(hn::RebindMask(d, valid), w);
      }
      normalizers[r] = hn::Add(normalizers[r], w);
      const Vec weight = hn::Mul(w, s);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) forces[r][k] = hn::Add(forces[r][k], hn::Mul(weight, difference[k]));
    }
  }

  HWY_INLINE void store(float (*sums)[kLanes], std::size_t offset) const {
    const Tag d;
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
      hn::StoreU(normalizers[r], d, sums[r * (DIM + 1)] + offset);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) hn::StoreU(forces[r][k], d, sums[r * (DIM + 1) + 1 + k] + offset);
    }
  }
};

template <std::size_t ROWS, std::size_t DIM>
HWY_NOINLINE void repel_rows(const RepulsionTask& task, std::size_t row) {
  const std::size_t step = hn::Lanes(Tag());
  const std::size_t full = task.points / kLanes * kLanes;  // columns before the last, partial group
  const std::size_t self = row / kLanes * kLanes;          // rows of a tile lie in one group of columns
  float sums[ROWS * (DIM + 1)][kLanes];
  for (std::size_t begin = 0; begin < task.stride; begin += kBlockColumns) {
    const std::size_t end = begin + kBlockColumns < task.stride ? begin + kBlockColumns : task.stride;
    for (std::size_t offset = 0; offset < kLanes; offset += step) {
      Tile<ROWS, DIM> tile;
      tile.load(task, row);
      auto plain = [&](std::size_t from, std::size_t to) HWY_ATTR {
        for (std::size_t column = from; column < to; column += kLanes)
          tile.template add<false>(task, row, column + offset);
      };
      const std::size_t plain_end = end < full ? end : full;
      if (self >= begin && self < plain_end) {
        plain(begin, self);
        tile.template add<true>(task, row, self + offset);
        plain(self + kLanes, plain_end);
      } else {
        plain(begin, plain_end);
      }
      if (full >= begin && full < end) tile.template add<true>(task, row, full + offset);
      tile.store(sums, offset);
    }
    for (std::size_t r = 0; r < ROWS; ++r) {
      task.normalizers[row + r] += sum_lanes(sums[r * (DIM + 1)]);
      for (std::size_t k = 0; k < DIM; ++k) task.forces[(row + r) * DIM + k] += sum_lanes(sums[r * (DIM + 1) + 1 + k]);
    }
  }
}

template <std::size_t ROWS, std::size_t DIM>
void repel_fixed(const RepulsionTask& task) {
  std::size_t row = task.row_begin;
  for (; row + ROWS <= task.row_end; row += ROWS) repel_rows<ROWS, DIM>(task, row);
  for (; row < task.row_end; ++row) repel_rows<1, DIM>(task, row);
}

// Weights of one point for a block of columns, any dimension: distances first, then the sums of one dimension after the
// other.
void repel_row_of_any_dim(const RepulsionTask& task, std::size_t row, float* weights) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const std::size_t step = hn::Lanes(d);
  const Vec freedom = hn::Set(d, static_cast<float>(task.degrees_of_freedom));
  float sums[kLanes];
  for (std::size_t begin = 0; begin < task.stride; begin += kBlockColumns) {
    const std::size_t end = begin + kBlockColumns < task.stride ? begin + kBlockColumns : task.stride;
    for (std::size_t offset = 0; offset < kLanes; offset += step) {
      Vec normalizer = hn::Zero(d);
      for (std::size_t column = begin + offset; column < end; column += kLanes) {
        Vec square = hn::Zero(d);
        for (std::size_t k = 0; k < task.dim; ++k) {
          const float* coordinates = task.coordinates + k * task.stride;
          const Vec difference = hn::Sub(hn::Set(d, coordinates[row]), hn::LoadU(d, coordinates + column));
          square = hn::Add(square, hn::Mul(difference, difference));
        }
        const Vec s = hn::Div(freedom, hn::Add(freedom, square));
        const auto at = hn::Iota(di, static_cast<std::int32_t>(column));
        const auto valid = hn::And(hn::Lt(at, hn::Set(di, static_cast<std::int32_t>(task.points))),
                                   hn::Ne(at, hn::Set(di, static_cast<std::int32_t>(row))));
        const Vec w = hn::IfThenElseZero(hn::RebindMask(d, valid), power_of_halves(s, task.degrees_of_freedom + 1));
        normalizer = hn::Add(normalizer, w);
        hn::StoreU(hn::Mul(w, s), d, weights + column - begin);
      }
      hn::StoreU(normalizer, d, sums + offset);
    }
    task.normalizers[row] += sum_lanes(sums);
    for (std::size_t k = 0; k < task.dim; ++k) {
      const float* coordinates = task.coordinates + k * task.stride;
      for (std::size_t offset = 0; offset < kLanes; offset += step) {
        Vec force = hn::Zero(d);
        for (std::size_t column = begin + offset; column < end; column += kLanes) {
          const Vec difference = hn::Sub(hn::Set(d, coordinates[row]), hn::LoadU(d, coordinates + column));
          force = hn::Add(force, hn::Mul(hn::LoadU(d, weights + column - begin), difference));
        }
        hn::StoreU(force, d, sums + offset);
      }
      task.forces[row * task.dim + k] += sum_lanes(sums);
    }
  }
}

void repel_any(const RepulsionTask& task) {
  float weights[kBlockColumns];
  for (std::size_t row = task.row_begin; row < task.row_end; ++row) repel_row_of_any_dim(task, row, weights);
}

void repel(const RepulsionTask& task) {
  switch (task.dim) {
    case 1:
      return repel_fixed<4, 1>(task);
    case 2:
      return repel_fixed<4, 2>(task);
    case 3:
      return repel_fixed<2, 3>(task);
    case 4:
      return repel_fixed<1, 4>(task);
    case 5:
      return repel_fixed<1, 5>(task);
    case 6:
      return repel_fixed<1, 6>(task);
    case 7:
      return repel_fixed<1, 7>(task);
    case 8:
      return repel_fixed<1, 8>(task);
    default:
      return repel_any(task);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"

namespace latentgrid {

HWY_EXPORT(repel);

namespace {

constexpr std::int64_t rows_a_block = 64;  // a multiple of every tile's rows

// Calls function(begin, end) for fixed blocks of points.
template <typename Function>
void for_blocks(std::int64_t points, int threads, const Function& function) {
  parallel_for((points + rows_a_block - 1) / rows_a_block, threads, [&](std::int64_t block) {
    function(block * rows_a_block, std::min((block + 1) * rows_a_block, points));
  });
}

float squared_distance(const float* a, const float* b, std::int64_t dim) {
  float sum = 0;
  for (std::int64_t k = 0; k < dim; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

}  // namespace

std::int64_t tsne_degrees_of_freedom(std::int64_t dim) {
  return std::max<std::int64_t>(dim - 1, 1);
}

Repulsion tsne_repulsion(const MatrixRf& embedding, int threads) {
  const std::int64_t n = embedding.rows(), dim = embedding.cols(), stride = (n + 7) / 8 * 8;
  std::vector<float> coordinates(dim * stride, 0.0f);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < dim; ++k) coordinates[k * stride + i] = embedding(i, k);
  }
  Repulsion out{.forces = std::vector<double>(n * dim)};
  std::vector<double> normalizers(n);
  for_blocks(n, threads, [&](std::int64_t begin, std::int64_t end) {
    HWY_DYNAMIC_DISPATCH(repel)
    ({.coordinates = coordinates.data(),
      .stride = static_cast<std::size_t>(stride),
      .points = static_cast<std::size_t>(n),
      .dim = static_cast<std::size_t>(dim),
      .degrees_of_freedom = static_cast<std::size_t>(tsne_degrees_of_freedom(dim)),
      .row_begin = static_cast<std::size_t>(begin),
      .row_end = static_cast<std::size_t>(end),
      .forces = out.forces.data(),
      .normalizers = normalizers.data()});
  });
  for (double value : normalizers) out.normalizer += value;
  return out;
}

std::vector<double> tsne_attraction(const SparseRows& affinities, const MatrixRf& embedding, int threads) {
  const std::int64_t dim = embedding.cols();
  const auto freedom = static_cast<float>(tsne_degrees_of_freedom(dim));
  std::vector<double> forces(embedding.size());
  for_blocks(embedding.rows(), threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* own = embedding.data() + i * dim;
      double* force = forces.data() + i * dim;
      for (std::int64_t e = affinities.starts[i]; e < affinities.starts[i + 1]; ++e) {
        const float* other = embedding.data() + affinities.columns[e] * dim;
        const float weight = affinities.values[e] * (freedom / (freedom + squared_distance(own, other, dim)));
        for (std::int64_t k = 0; k < dim; ++k) force[k] += weight * (own[k] - other[k]);
      }
    }
  });
  return forces;
}

double tsne_divergence(const SparseRows& affinities, const MatrixRf& embedding, double normalizer, int threads) {
  const std::int64_t dim = embedding.cols();
  const auto freedom = static_cast<double>(tsne_degrees_of_freedom(dim));
  std::vector<double> rows(embedding.rows());
  for_blocks(embedding.rows(), threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t e = affinities.starts[i]; e < affinities.starts[i + 1]; ++e) {
        const double p = affinities.values[e];
        if (p <= 0) continue;
        const double square =
            squared_distance(embedding.data() + i * dim, embedding.data() + affinities.columns[e] * dim, dim);
        const double log_w = -(freedom + 1) / 2 * std::log1p(square / freedom);
        rows[i] += p * (std::log(p) - log_w + std::log(normalizer));
      }
    }
  });
  double sum = 0;
  for (double row : rows) sum += row;
  return sum;
}

}  // namespace latentgrid
#endif  // HWY_ONCE
