#include "cluster/gmm_kernels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/gmm_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = EightDoubles;
using Vec = hn::Vec<Tag>;

void subtract(const double* HWY_RESTRICT x, const double* HWY_RESTRICT center, std::size_t width, double* HWY_RESTRICT out) {
  const Tag d;
  for (std::size_t i = 0; i < width; ++i) {
    const Vec middle = hn::Set(d, center[i]);
    for (std::size_t b = 0; b < gmm_block; b += hn::Lanes(d)) {
      hn::Store(hn::Sub(hn::Load(d, x + i * gmm_block + b), middle), d, out + i * gmm_block + b);
    }
  }
}

// R rows of the product. The matrix is zero above its diagonal, so that they may all have the last one's length.
template <std::size_t R>
HWY_INLINE void transform_rows(const TriangularTask& task, std::size_t row) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t b = 0; b < gmm_block; b += 2 * lanes) {
    Vec sums[R][2];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) sums[r][0] = sums[r][1] = hn::Zero(d);
    for (std::size_t i = 0; i < row + R; ++i) {
      const Vec first = hn::Load(d, task.centered + i * gmm_block + b), second = hn::Load(d, task.centered + i * gmm_block + b + lanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < R; ++r) {
        const Vec factor = hn::Set(d, task.lower[(row + r) * task.width + i]);
        sums[r][0] = hn::Add(sums[r][0], hn::Mul(factor, first));
        sums[r][1] = hn::Add(sums[r][1], hn::Mul(factor, second));
      }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      hn::Store(sums[r][0], d, task.out + (row + r) * gmm_block + b);
      hn::Store(sums[r][1], d, task.out + (row + r) * gmm_block + b + lanes);
    }
  }
}

void transform(const TriangularTask& task) {
  subtract(task.x, task.center, task.width, task.centered);
  std::size_t row = 0;
  for (; row + 4 <= task.width; row += 4) transform_rows<4>(task, row);
  for (; row < task.width; ++row) transform_rows<1>(task, row);
}

void squares(const double* x, const double* center, const double* scale, std::size_t width, double* out) {
  const Tag d;
  for (std::size_t b = 0; b < gmm_block; b += hn::Lanes(d)) {
    Vec sum = hn::Zero(d);
    for (std::size_t i = 0; i < width; ++i) {
      Vec value = hn::Sub(hn::Load(d, x + i * gmm_block + b), hn::Set(d, center[i]));
      if (scale) value = hn::Mul(value, hn::Set(d, scale[i]));
      sum = hn::Add(sum, hn::Mul(value, value));
    }
    hn::Store(sum, d, out + b);
  }
}

// exp(x) for x <= 0, to an ulp or two: 2^n · exp(r) with |r| <= ln(2) / 2, of which the Taylor series is taken to r^13 / 13!.
HWY_INLINE Vec exp_of_negative(Vec x) {
  const Tag d;
  const hn::RebindToUnsigned<Tag> du;
  constexpr double reciprocal_factorials[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                              1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
                                              1.0 / 6,          1.0 / 2,         1.0,            1.0};
  // Added to a small number, it leaves the nearest integer in the last bits.
  const Vec magic = hn::Set(d, 0x1.8p52);
  const Vec shifted = hn::Add(hn::Mul(x, hn::Set(d, 0x1.71547652b82fep0)), magic);
  const Vec n = hn::Sub(shifted, magic);
  const Vec r = hn::Sub(hn::Sub(x, hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1))), hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33)));
  Vec value = hn::Set(d, reciprocal_factorials[0]);
  for (std::size_t i = 1; i < 14; ++i) value = hn::Add(hn::Mul(value, r), hn::Set(d, reciprocal_factorials[i]));
  const Vec scaled = hn::BitCast(d, hn::Add(hn::BitCast(du, value), hn::ShiftLeft<52>(hn::BitCast(du, shifted))));
  return hn::IfThenElseZero(hn::Ge(x, hn::Set(d, -708.0)), scaled);
}

void softmax(double* values, std::size_t k, double* maximum, double* sum) {
  const Tag d;
  for (std::size_t b = 0; b < gmm_block; b += hn::Lanes(d)) {
    Vec largest = hn::Load(d, values + b);
    for (std::size_t c = 1; c < k; ++c) largest = hn::Max(largest, hn::Load(d, values + c * gmm_block + b));
    Vec total = hn::Zero(d);
    for (std::size_t c = 0; c < k; ++c) {
      const Vec value = exp_of_negative(hn::Sub(hn::Load(d, values + c * gmm_block + b), largest));
      hn::Store(value, d, values + c * gmm_block + b);
      total = hn::Add(total, value);
    }
    for (std::size_t c = 0; c < k; ++c) {
      double* place = values + c * gmm_block + b;
      hn::Store(hn::Div(hn::Load(d, place), total), d, place);
    }
    hn::Store(largest, d, maximum + b);
    hn::Store(total, d, sum + b);
  }
}

// out[r][c] += the sum over the points of a[r] · b[c], for R rows of a and C of b.
template <std::size_t R, std::size_t C>
HWY_INLINE void add_products(const double* HWY_RESTRICT a, const double* HWY_RESTRICT b, double* HWY_RESTRICT out, std::size_t stride) {
  const Tag d;
  const std::size_t step = hn::Lanes(d);
  HWY_ALIGN double lanes[R * C][kLanes];
  for (std::size_t offset = 0; offset < kLanes; offset += step) {
    Vec sums[R][C];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < C; ++c) sums[r][c] = hn::Zero(d);
    }
    for (std::size_t p = offset; p < gmm_block; p += kLanes) {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < C; ++c) {
        const Vec right = hn::Load(d, b + c * gmm_block + p);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < R; ++r) sums[r][c] = hn::Add(sums[r][c], hn::Mul(hn::Load(d, a + r * gmm_block + p), right));
      }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < C; ++c) hn::Store(sums[r][c], d, lanes[r * C + c] + offset);
    }
  }
  for (std::size_t r = 0; r < R; ++r) {
    for (std::size_t c = 0; c < C; ++c) out[r * stride + c] += sum_lanes<double>(lanes[r * C + c]);
  }
}

// The lower triangle, and what of the tiles lies above it.
void add_second_moments(const MomentsTask& task) {
  const double* a = task.weighted;
  const double* b = task.centered;
  const std::size_t width = task.width;
  std::size_t row = 0;
  for (; row + 4 <= width; row += 4) {
    for (std::size_t column = 0; column < row + 4; column += 2) {
      add_products<4, 2>(a + row * gmm_block, b + column * gmm_block, task.second + row * width + column, width);
    }
  }
  for (; row < width; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      add_products<1, 1>(a + row * gmm_block, b + column * gmm_block, task.second + row * width + column, width);
    }
  }
}

void add_moments(const MomentsTask& task) {
  const Tag d;
  HWY_ALIGN double ones[gmm_block];
  for (double& one : ones) one = 1;
  subtract(task.x, task.center, task.width, task.centered);
  for (std::size_t i = 0; i < task.width; ++i) {
    for (std::size_t b = 0; b < gmm_block; b += hn::Lanes(d)) {
      const std::size_t at = i * gmm_block + b;
      hn::Store(hn::Mul(hn::Load(d, task.weights + b), hn::Load(d, task.centered + at)), d, task.weighted + at);
    }
    add_products<1, 1>(task.weighted + i * gmm_block, ones, task.first + i, 1);
    if (task.moments == Moments::diagonal) {
      add_products<1, 1>(task.weighted + i * gmm_block, task.centered + i * gmm_block, task.second + i, 1);
    }
  }
  add_products<1, 1>(task.weights, ones, task.weight, 1);
  if (task.moments == Moments::all) add_second_moments(task);
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace latentgrid {

HWY_EXPORT(transform);
HWY_EXPORT(squares);
HWY_EXPORT(softmax);
HWY_EXPORT(add_moments);

void gmm_transform(const TriangularTask& task) {
  HWY_DYNAMIC_DISPATCH(transform)(task);
}

void gmm_squares(const double* x, const double* center, const double* scale, std::size_t width, double* out) {
  HWY_DYNAMIC_DISPATCH(squares)(x, center, scale, width, out);
}

void gmm_softmax(double* values, std::size_t k, double* maximum, double* sum) {
  HWY_DYNAMIC_DISPATCH(softmax)(values, k, maximum, sum);
}

void gmm_add_moments(const MomentsTask& task) {
  HWY_DYNAMIC_DISPATCH(add_moments)(task);
}

}  // namespace latentgrid
#endif  // HWY_ONCE
