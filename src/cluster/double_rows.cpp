#include "cluster/double_rows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/double_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = EightDoubles;
using Vec = hn::Vec<Tag>;

template <std::size_t C>
HWY_INLINE void distances_to(const double* HWY_RESTRICT from, const double* const* rows, std::size_t width, double* HWY_RESTRICT out) {
  const Tag d;
  HWY_ALIGN double lanes[C][kLanes];
  for (std::size_t offset = 0; offset < kLanes; offset += hn::Lanes(d)) {
    Vec sums[C];
#pragma GCC unroll 4
    for (std::size_t c = 0; c < C; ++c) sums[c] = hn::Zero(d);
    for (std::size_t k = offset; k < width; k += kLanes) {
      const Vec left = hn::Load(d, from + k);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < C; ++c) {
        const Vec difference = hn::Sub(left, hn::Load(d, rows[c] + k));
        sums[c] = hn::Add(sums[c], hn::Mul(difference, difference));
      }
    }
#pragma GCC unroll 4
    for (std::size_t c = 0; c < C; ++c) hn::Store(sums[c], d, lanes[c] + offset);
  }
#pragma GCC unroll 4
  for (std::size_t c = 0; c < C; ++c) out[c] = sum_lanes<double>(lanes[c]);
}

// Of row indices[i], or of row i without indices.
void distances_of_rows(const double* from, const double* values, std::size_t width, const std::int32_t* indices, std::size_t count, double* out) {
  const auto row = [&](std::size_t i) { return values + (indices ? static_cast<std::size_t>(indices[i]) : i) * width; };
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const double* rows[] = {row(i), row(i + 1), row(i + 2), row(i + 3)};
    distances_to<4>(from, rows, width, out + i);
  }
  for (; i < count; ++i) {
    const double* rows[] = {row(i)};
    distances_to<1>(from, rows, width, out + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

namespace latentgrid {

HWY_EXPORT(distances_of_rows);

DoubleRows::DoubleRows(ConstMatrixRef points)
    : count_(points.rows()), width_(static_cast<std::size_t>((points.cols() + 7) / 8 * 8)) {
  values_ = hwy::AllocateAligned<double>(std::max<std::size_t>(static_cast<std::size_t>(count_) * width_, 1));
  for (std::int64_t i = 0; i < count_; ++i) {
    double* end = std::copy_n(points.data() + i * points.cols(), points.cols(), row(i));
    std::fill(end, row(i) + width_, 0.0);
  }
}

void DoubleRows::squared_distances(const double* from, std::int64_t begin, std::int64_t end, double* out) const {
  HWY_DYNAMIC_DISPATCH(distances_of_rows)(from, row(begin), width_, nullptr, static_cast<std::size_t>(end - begin), out);
}

void DoubleRows::squared_distances(const double* from, std::span<const std::int32_t> indices, double* out) const {
  HWY_DYNAMIC_DISPATCH(distances_of_rows)(from, values_.get(), width_, indices.data(), indices.size(), out);
}

double DoubleRows::squared_distance(const double* from, std::int64_t to) const {
  double out = 0;
  squared_distances(from, to, to + 1, &out);
  return out;
}

}  // namespace latentgrid
#endif  // HWY_ONCE
