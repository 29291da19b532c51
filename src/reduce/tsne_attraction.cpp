#include "reduce/tsne_attraction.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/tsne_attraction.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

#ifndef LATENTGRID_TSNE_ATTRACTION_TYPES
#define LATENTGRID_TSNE_ATTRACTION_TYPES
namespace latentgrid {

// One call of the kernel: the forces on the points [begin, end).
struct AttractionTask {
  const SparseRows& affinities;
  const float* coordinates;  // dim × points, one dimension a row
  std::size_t points, dim;
  float degrees_of_freedom;
  std::size_t begin, end;
  double* forces;  // points × dim
};

}  // namespace latentgrid
#endif

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = EightLanes;
using Vec = hn::Vec<Tag>;

// Up to eight affinities of one point; beyond the last, affinities of 0 to the first point.
struct Entries {
  const float* values;
  const std::int32_t* columns;
  alignas(32) float rest_values[kLanes] = {};
  alignas(32) std::int32_t rest_columns[kLanes] = {};

  HWY_INLINE void at(const SparseRows& affinities, std::size_t first, std::size_t end) {
    values = affinities.values.data() + first;
    columns = affinities.columns.data() + first;
    if (first + kLanes <= end) return;
    for (std::size_t i = 0; i < kLanes; ++i) {
      const bool inside = first + i < end;
      rest_values[i] = inside ? values[i] : 0.0f;
      rest_columns[i] = inside ? columns[i] : 0;
    }
    values = rest_values;
    columns = rest_columns;
  }
};

template <std::size_t DIM>
void attract_fixed(const AttractionTask& task) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const std::size_t step = hn::Lanes(d);
  const Vec freedom = hn::Set(d, task.degrees_of_freedom);
  float sums[DIM][kLanes];
  Entries entries;
  for (std::size_t point = task.begin; point < task.end; ++point) {
    const std::size_t first = task.affinities.starts[point], last = task.affinities.starts[point + 1];
    for (std::size_t offset = 0; offset < kLanes; offset += step) {
      Vec own[DIM], forces[DIM];
      for (std::size_t k = 0; k < DIM; ++k) {
        own[k] = hn::Set(d, task.coordinates[k * task.points + point]);
        forces[k] = hn::Zero(d);
      }
      for (std::size_t e = first; e < last; e += kLanes) {
        entries.at(task.affinities, e, last);
        const auto columns = hn::LoadU(di, entries.columns + offset);
        Vec difference[DIM];
        Vec square = hn::Zero(d);
        for (std::size_t k = 0; k < DIM; ++k) {
          difference[k] = hn::Sub(own[k], hn::GatherIndex(d, task.coordinates + k * task.points, columns));
          square = hn::Add(square, hn::Mul(difference[k], difference[k]));
        }
        const Vec weight = hn::Mul(hn::LoadU(d, entries.values + offset), hn::Div(freedom, hn::Add(freedom, square)));
        for (std::size_t k = 0; k < DIM; ++k) forces[k] = hn::Add(forces[k], hn::Mul(weight, difference[k]));
      }
      for (std::size_t k = 0; k < DIM; ++k) hn::StoreU(forces[k], d, sums[k] + offset);
    }
    for (std::size_t k = 0; k < DIM; ++k) task.forces[point * DIM + k] = sum_lanes<double>(sums[k]);
  }
}

void attract_any(const AttractionTask& task) {
  for (std::size_t i = task.begin; i < task.end; ++i) {
    double* force = task.forces + i * task.dim;
    for (std::int64_t e = task.affinities.starts[i]; e < task.affinities.starts[i + 1]; ++e) {
      const float* own = task.coordinates + i;
      const float* other = task.coordinates + task.affinities.columns[e];
      float square = 0;
      for (std::size_t k = 0; k < task.dim * task.points; k += task.points) square += (own[k] - other[k]) * (own[k] - other[k]);
      const float weight = task.affinities.values[e] * (task.degrees_of_freedom / (task.degrees_of_freedom + square));
      for (std::size_t k = 0; k < task.dim; ++k) force[k] += weight * (own[k * task.points] - other[k * task.points]);
    }
  }
}

void attract(const AttractionTask& task) {
  switch (task.dim) {
    case 1:
      return attract_fixed<1>(task);
    case 2:
      return attract_fixed<2>(task);
    case 3:
      return attract_fixed<3>(task);
    case 4:
      return attract_fixed<4>(task);
    case 8:
      return attract_fixed<8>(task);
    default:
      return attract_any(task);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "reduce/tsne_repulsion.hpp"

namespace latentgrid {

HWY_EXPORT(attract);

namespace {

constexpr std::int64_t rows_a_block = 64;

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

std::vector<double> tsne_attraction(const SparseRows& affinities, const MatrixRf& embedding, int threads) {
  const std::int64_t n = embedding.rows(), dim = embedding.cols();
  std::vector<double> forces(embedding.size());
  const Eigen::MatrixXf coordinates = embedding;  // one dimension after the other
  for_blocks(n, threads, [&](std::int64_t begin, std::int64_t end) {
    HWY_DYNAMIC_DISPATCH(attract)
    ({.affinities = affinities,
      .coordinates = coordinates.data(),
      .points = static_cast<std::size_t>(n),
      .dim = static_cast<std::size_t>(dim),
      .degrees_of_freedom = static_cast<float>(tsne_degrees_of_freedom(dim)),
      .begin = static_cast<std::size_t>(begin),
      .end = static_cast<std::size_t>(end),
      .forces = forces.data()});
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
