#include "base/distances.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/distances.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <int R, int C>
HWY_NOINLINE void tile(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, std::size_t width,
                       float* HWY_RESTRICT out, std::size_t out_stride) {
  const EightLanes d;
  const std::size_t step = hn::Lanes(d);
  HWY_ALIGN float lanes[R * C][kLanes];
  for (std::size_t offset = 0; offset < kLanes; offset += step) {
    hn::Vec<decltype(d)> sums[R][C];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) sums[r][c] = hn::Zero(d);
    }
    for (std::size_t k = offset; k < width; k += kLanes) {
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) {
        const auto vb = hn::LoadU(d, b + c * width + k);
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
          const auto difference = hn::Sub(hn::LoadU(d, a + r * width + k), vb);
          sums[r][c] = hn::Add(sums[r][c], hn::Mul(difference, difference));
        }
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) hn::Store(sums[r][c], d, lanes[r * C + c] + offset);
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int c = 0; c < C; ++c) out[r * out_stride + c] = sum_lanes<float>(lanes[r * C + c]);
  }
}

void squared_distances_block(const float* a, std::size_t rows, const float* b, std::size_t columns, std::size_t width,
                             float* out, std::size_t out_stride) {
  std::size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    std::size_t j = 0;
    for (; j + 2 <= columns; j += 2)
      tile<4, 2>(a + i * width, b + j * width, width, out + i * out_stride + j, out_stride);
    for (; j < columns; ++j) tile<4, 1>(a + i * width, b + j * width, width, out + i * out_stride + j, out_stride);
  }
  for (; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      tile<1, 1>(a + i * width, b + j * width, width, out + i * out_stride + j, out_stride);
    }
  }
}

std::int64_t target_of_dispatch() {
  return HWY_TARGET;
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cstring>

namespace latentgrid {

HWY_EXPORT(squared_distances_block);
HWY_EXPORT(target_of_dispatch);

DistanceRows::DistanceRows(ConstMatrixRef rows) : count_(rows.rows()), width_((rows.cols() + 7) / 8 * 8) {
  if (width_ == rows.cols()) {
    data_ = rows.data();
    return;
  }
  padded_.assign(count_ * width_, 0.0f);
  for (std::int64_t i = 0; i < count_; ++i) {
    std::memcpy(padded_.data() + i * width_, rows.data() + i * rows.cols(), rows.cols() * sizeof(float));
  }
  data_ = padded_.data();
}

void squared_distances(const DistanceRows& a, std::int64_t a_begin, std::int64_t a_end, const DistanceRows& b,
                       std::int64_t b_begin, std::int64_t b_end, float* out, std::int64_t out_stride) {
  HWY_DYNAMIC_DISPATCH(squared_distances_block)
  (a.row(a_begin), a_end - a_begin, b.row(b_begin), b_end - b_begin, a.width(), out, out_stride);
}

std::string simd_target() {
  return hwy::TargetName(HWY_DYNAMIC_DISPATCH(target_of_dispatch)());
}

}  // namespace latentgrid
#endif  // HWY_ONCE
