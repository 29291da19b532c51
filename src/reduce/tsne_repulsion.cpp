#include "reduce/tsne_repulsion.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/tsne_repulsion.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

#ifndef LATENTGRID_TSNE_REPULSION_TYPES
#define LATENTGRID_TSNE_REPULSION_TYPES
#include <algorithm>
#include <vector>

namespace latentgrid {

// One call of the kernel: a block of points (rows) against a block of points (columns) that isn't before it. Every pair is
// looked at once: it pushes the row's point one way and the column's the other. Within a block against itself it pushes
// the row's only, and comes twice.
struct BlockPair {
  const float* coordinates;  // dim × stride, one dimension a row; stride is a multiple of 8
  std::size_t stride, points, dim;
  std::size_t degrees_of_freedom;
  std::size_t row_begin, row_end, column_begin, column_end;  // multiples of 8, but for the last points
  float* row_forces;     // dim × (row_end - row_begin)
  float* column_forces;  // dim × pitch, zero at first
  std::size_t pitch;
  double normalizer;  // of these pairs

  bool diagonal() const { return row_begin == column_begin; }
};

}  // namespace latentgrid
#endif

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = EightLanes;
using Vec = hn::Vec<Tag>;

// Pairwise, which takes fewer steps one after the other.
template <std::size_t COUNT>
HWY_INLINE Vec sum_of(const Vec* values) {
  if constexpr (COUNT == 1) {
    return values[0];
  } else {
    return hn::Add(sum_of<COUNT / 2>(values), sum_of<COUNT - COUNT / 2>(values + COUNT / 2));
  }
}

// s^(HALVES/2), HALVES >= 2.
template <std::size_t HALVES>
HWY_INLINE Vec power_of_halves(Vec s) {
  if constexpr (HALVES % 2 == 1) {
    return hn::Mul(power_of_halves<HALVES - 1>(s), hn::Sqrt(s));
  } else if constexpr (HALVES == 2) {
    return s;
  } else if constexpr (HALVES % 4 == 0) {
    const Vec root = power_of_halves<HALVES / 2>(s);
    return hn::Mul(root, root);
  } else {
    return hn::Mul(power_of_halves<HALVES - 2>(s), s);
  }
}

HWY_INLINE Vec power_of_halves(Vec s, std::size_t halves) {
  Vec out = s;
  for (std::size_t i = 1; i < halves / 2; ++i) out = hn::Mul(out, s);
  return halves % 2 == 1 ? hn::Mul(out, hn::Sqrt(s)) : out;
}

// Which of the lanes at `column` are points, and not the point `row` itself.
HWY_INLINE hn::Mask<Tag> is_another_point(const BlockPair& pair, std::size_t row, std::size_t column) {
  const hn::RebindToSigned<Tag> di;
  const auto at = hn::Iota(di, static_cast<std::int32_t>(column));
  return hn::RebindMask(Tag(), hn::And(hn::Lt(at, hn::Set(di, static_cast<std::int32_t>(pair.points))),
                                       hn::Ne(at, hn::Set(di, static_cast<std::int32_t>(row)))));
}

// Running sums of ROWS points against columns, in DIM dimensions. BOTH: the columns are pushed too.
template <std::size_t ROWS, std::size_t DIM, bool BOTH>
struct Tile {
  Vec own[ROWS][DIM];
  Vec forces[ROWS][DIM];
  Vec normalizer;

  HWY_INLINE void load(const BlockPair& pair, std::size_t row) {
    const Tag d;
    normalizer = hn::Zero(d);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) {
        own[r][k] = hn::Set(d, pair.coordinates[k * pair.stride + row + r]);
        forces[r][k] = hn::Zero(d);
      }
    }
  }

  // Lanes at columns column, column + 1, ...; MASKED leaves out the point itself and columns beyond the last point.
  template <bool MASKED>
  HWY_INLINE void add(const BlockPair& pair, std::size_t row, std::size_t column) {
    const Tag d;
    const Vec freedom = hn::Set(d, static_cast<float>(pair.degrees_of_freedom));
    float* const pushed = pair.column_forces + (column - pair.column_begin);
    Vec other[DIM], back[DIM];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < DIM; ++k) {
      other[k] = hn::LoadU(d, pair.coordinates + k * pair.stride + column);
      if (BOTH) back[k] = hn::LoadU(d, pushed + k * pair.pitch);
    }
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
      Vec difference[DIM], squares[DIM];
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) {
        difference[k] = hn::Sub(own[r][k], other[k]);
        squares[k] = hn::Mul(difference[k], difference[k]);
      }
      const Vec s = hn::Div(freedom, hn::Add(freedom, sum_of<DIM>(squares)));
      Vec w = power_of_halves<DIM <= 2 ? 2 : DIM>(s);  // (ν + 1) / 2, ν = max(dim - 1, 1)
      if (MASKED) w = hn::IfThenElseZero(is_another_point(pair, row + r, column), w);
      normalizer = hn::Add(normalizer, w);
      const Vec weight = hn::Mul(w, s);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) {
        const Vec force = hn::Mul(weight, difference[k]);
        forces[r][k] = hn::Add(forces[r][k], force);
        if (BOTH) back[k] = hn::Sub(back[k], force);
      }
    }
    if (!BOTH) return;
#pragma GCC unroll 8
    for (std::size_t k = 0; k < DIM; ++k) hn::StoreU(back[k], d, pushed + k * pair.pitch);
  }

  HWY_INLINE void store(float (*sums)[kLanes], std::size_t offset) const {
    const Tag d;
    hn::StoreU(normalizer, d, sums[0] + offset);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < DIM; ++k) hn::StoreU(forces[r][k], d, sums[1 + r * DIM + k] + offset);
    }
  }
};

template <std::size_t ROWS, std::size_t DIM, bool BOTH>
HWY_NOINLINE void repel_rows(BlockPair& pair, std::size_t row) {
  const std::size_t step = hn::Lanes(Tag());
  const std::size_t full = pair.points / kLanes * kLanes;  // columns before the last, partial group
  const std::size_t plain_end = pair.column_end < full ? pair.column_end : full;
  const std::size_t self = row / kLanes * kLanes;  // rows of a tile lie in one group of columns
  float sums[1 + ROWS * DIM][kLanes];
  for (std::size_t offset = 0; offset < kLanes; offset += step) {
    Tile<ROWS, DIM, BOTH> tile;
    tile.load(pair, row);
    auto plain = [&](std::size_t from, std::size_t to) HWY_ATTR {
      for (std::size_t column = from; column < to; column += kLanes) tile.template add<false>(pair, row, column + offset);
    };
    if (!BOTH && self < plain_end) {
      plain(pair.column_begin, self);
      tile.template add<true>(pair, row, self + offset);
      plain(self + kLanes, plain_end);
    } else {
      plain(pair.column_begin, plain_end);
    }
    if (full < pair.column_end) tile.template add<true>(pair, row, full + offset);
    tile.store(sums, offset);
  }
  pair.normalizer += sum_lanes<double>(sums[0]);
  const std::size_t rows = pair.row_end - pair.row_begin;
  for (std::size_t r = 0; r < ROWS; ++r) {
    for (std::size_t k = 0; k < DIM; ++k) {
      pair.row_forces[k * rows + row - pair.row_begin + r] = static_cast<float>(sum_lanes<double>(sums[1 + r * DIM + k]));
    }
  }
}

template <std::size_t ROWS, std::size_t DIM, bool BOTH>
void repel_tiles(BlockPair& pair) {
  std::size_t row = pair.row_begin;
  for (; row + ROWS <= pair.row_end; row += ROWS) repel_rows<ROWS, DIM, BOTH>(pair, row);
  for (; row < pair.row_end; ++row) repel_rows<1, DIM, BOTH>(pair, row);
}

// From three dimensions on the sums of a tile no longer fit into the registers. Here they are those of one point against
// GROUPS × 8 columns: first its weights, kept in registers, then one dimension after the other.
template <std::size_t GROUPS, bool BOTH>
HWY_INLINE void add_stripe(BlockPair& pair, std::size_t row, std::size_t column, bool masked, Vec& normalizer,
                           float (*forces)[kLanes], std::size_t offset) {
  const Tag d;
  const Vec freedom = hn::Set(d, static_cast<float>(pair.degrees_of_freedom));
  Vec weight[GROUPS];
#pragma GCC unroll 8
  for (std::size_t g = 0; g < GROUPS; ++g) weight[g] = hn::Zero(d);
  for (std::size_t k = 0; k < pair.dim; ++k) {
    const float* const coordinates = pair.coordinates + k * pair.stride;
    const Vec own = hn::Set(d, coordinates[row]);
#pragma GCC unroll 8
    for (std::size_t g = 0; g < GROUPS; ++g) {
      const Vec difference = hn::Sub(own, hn::LoadU(d, coordinates + column + g * kLanes));
      weight[g] = hn::Add(weight[g], hn::Mul(difference, difference));
    }
  }
#pragma GCC unroll 8
  for (std::size_t g = 0; g < GROUPS; ++g) {
    const Vec s = hn::Div(freedom, hn::Add(freedom, weight[g]));
    Vec w = power_of_halves(s, pair.degrees_of_freedom + 1);
    if (masked) w = hn::IfThenElseZero(is_another_point(pair, row, column + g * kLanes), w);
    normalizer = hn::Add(normalizer, w);
    weight[g] = hn::Mul(w, s);
  }
  for (std::size_t k = 0; k < pair.dim; ++k) {
    const float* const coordinates = pair.coordinates + k * pair.stride;
    float* const pushed = pair.column_forces + k * pair.pitch + (column - pair.column_begin);
    const Vec own = hn::Set(d, coordinates[row]);
    Vec sum = hn::LoadU(d, forces[k] + offset);
#pragma GCC unroll 8
    for (std::size_t g = 0; g < GROUPS; ++g) {
      const Vec difference = hn::Sub(own, hn::LoadU(d, coordinates + column + g * kLanes));
      const Vec force = hn::Mul(weight[g], difference);
      sum = hn::Add(sum, force);
      float* const back = pushed + g * kLanes;
      if (BOTH) hn::StoreU(hn::Sub(hn::LoadU(d, back), force), d, back);
    }
    hn::StoreU(sum, d, forces[k] + offset);
  }
}

template <bool BOTH>
void repel_stripes(BlockPair& pair) {
  constexpr std::size_t groups = 8, width = groups * kLanes;
  const Tag d;
  const std::size_t step = hn::Lanes(d), rows = pair.row_end - pair.row_begin;
  std::vector<float> sums(pair.dim * kLanes);
  auto* const forces = reinterpret_cast<float(*)[kLanes]>(sums.data());
  for (std::size_t row = pair.row_begin; row < pair.row_end; ++row) {
    float normalizers[kLanes];
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (std::size_t offset = 0; offset < kLanes; offset += step) {
      Vec normalizer = hn::Zero(d);
      std::size_t column = pair.column_begin;
      auto masked = [&](std::size_t end) { return end > pair.points || (!BOTH && column <= row && row < end); };
      for (; column + width <= pair.column_end; column += width) {
        add_stripe<groups, BOTH>(pair, row, column + offset, masked(column + width), normalizer, forces, offset);
      }
      for (; column < pair.column_end; column += kLanes) {
        add_stripe<1, BOTH>(pair, row, column + offset, masked(column + kLanes), normalizer, forces, offset);
      }
      hn::StoreU(normalizer, d, normalizers + offset);
    }
    pair.normalizer += sum_lanes<double>(normalizers);
    for (std::size_t k = 0; k < pair.dim; ++k) {
      pair.row_forces[k * rows + row - pair.row_begin] = static_cast<float>(sum_lanes<double>(forces[k]));
    }
  }
}

template <std::size_t ROWS, std::size_t DIM>
void repel_tiled(BlockPair& pair) {
  pair.diagonal() ? repel_tiles<ROWS, DIM, false>(pair) : repel_tiles<ROWS, DIM, true>(pair);
}

void repel(BlockPair& pair) {
  if (pair.dim == 1) return repel_tiled<4, 1>(pair);
  if (pair.dim == 2) return repel_tiled<4, 2>(pair);
  if (pair.dim == 3) return repel_tiled<2, 3>(pair);
  if (pair.dim == 4) return repel_tiled<2, 4>(pair);
  if (pair.dim == 5) return repel_tiled<2, 5>(pair);
  if (pair.dim == 6) return repel_tiled<2, 6>(pair);
  if (pair.dim == 7) return repel_tiled<2, 7>(pair);
  if (pair.dim == 8) return repel_tiled<2, 8>(pair);
  pair.diagonal() ? repel_stripes<false>(pair) : repel_stripes<true>(pair);
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

#include "base/parallel.hpp"

namespace latentgrid {

HWY_EXPORT(repel);

namespace {

// Points a block: long enough to amortize a row's sums, short enough that float32 sums over it are exact to 1e-6 and a
// block stays in the first-level cache. With more points longer blocks bound the memory of the blocks' results.
std::int64_t block_length(std::int64_t points) {
  return 512 * ((points + 65535) / 65536);
}

// What every pair of blocks adds to its points, kept apart until all are there: sums are then taken in a fixed order.
struct PairResults {
  explicit PairResults(const MatrixRf& embedding) : points(embedding.rows()), dim(embedding.cols()) {
    for (std::int64_t row = 0; row < blocks; ++row) {
      for (std::int64_t column = row; column < blocks; ++column) pairs.push_back({row, column});
    }
    forces.resize(pairs.size() * 2 * size());
    normalizers.resize(pairs.size());
  }

  std::int64_t size() const { return dim * length; }
  std::int64_t end(std::int64_t block) const { return std::min((block + 1) * length, points); }
  std::size_t index(std::int64_t row, std::int64_t column) const { return row * blocks - row * (row - 1) / 2 + column - row; }
  float* row_forces(std::size_t pair) { return forces.data() + pair * 2 * size(); }
  float* column_forces(std::size_t pair) { return row_forces(pair) + size(); }

  std::int64_t points, dim;
  std::int64_t length = block_length(points), blocks = (points + length - 1) / length;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  std::vector<float> forces;  // of each pair: dim × row's points, then dim × length for the column's
  std::vector<double> normalizers;
};

void repel_pairs(const MatrixRf& embedding, PairResults& results, int threads) {
  const std::int64_t n = results.points, dim = results.dim, stride = (n + 7) / 8 * 8;
  std::vector<float> coordinates(dim * stride, 0.0f);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < dim; ++k) coordinates[k * stride + i] = embedding(i, k);
  }
  parallel_for(static_cast<std::int64_t>(results.pairs.size()), threads, [&](std::int64_t p) {
    const auto [row, column] = results.pairs[p];
    BlockPair pair{.coordinates = coordinates.data(),
                   .stride = static_cast<std::size_t>(stride),
                   .points = static_cast<std::size_t>(n),
                   .dim = static_cast<std::size_t>(dim),
                   .degrees_of_freedom = static_cast<std::size_t>(tsne_degrees_of_freedom(dim)),
                   .row_begin = static_cast<std::size_t>(row * results.length),
                   .row_end = static_cast<std::size_t>(results.end(row)),
                   .column_begin = static_cast<std::size_t>(column * results.length),
                   .column_end = static_cast<std::size_t>((results.end(column) + 7) / 8 * 8),
                   .row_forces = results.row_forces(p),
                   .column_forces = results.column_forces(p),
                   .pitch = static_cast<std::size_t>(results.length),
                   .normalizer = 0};
    HWY_DYNAMIC_DISPATCH(repel)(pair);
    results.normalizers[p] = pair.diagonal() ? pair.normalizer : 2 * pair.normalizer;
  });
}

// The forces on the points of one block, from the other blocks in ascending order.
void add_up(PairResults& results, std::int64_t block, std::vector<double>& forces) {
  const std::int64_t begin = block * results.length, count = results.end(block) - begin;
  for (std::int64_t other = 0; other < results.blocks; ++other) {
    const bool as_column = other < block;
    const std::size_t pair = as_column ? results.index(other, block) : results.index(block, other);
    const float* from = as_column ? results.column_forces(pair) : results.row_forces(pair);
    const std::int64_t pitch = as_column ? results.length : count;
    for (std::int64_t k = 0; k < results.dim; ++k) {
      for (std::int64_t i = 0; i < count; ++i) forces[(begin + i) * results.dim + k] += from[k * pitch + i];
    }
  }
}

}  // namespace

Repulsion tsne_repulsion(const MatrixRf& embedding, int threads) {
  PairResults results(embedding);
  repel_pairs(embedding, results, threads);
  Repulsion out{.forces = std::vector<double>(embedding.size())};
  parallel_for(results.blocks, threads, [&](std::int64_t block) { add_up(results, block, out.forces); });
  for (double value : results.normalizers) out.normalizer += value;
  return out;
}

}  // namespace latentgrid
#endif  // HWY_ONCE
