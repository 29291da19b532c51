#include "reduce/line_transform.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/line_transform.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef LATENTGRID_LINE_TRANSFORM_TYPES
#define LATENTGRID_LINE_TRANSFORM_TYPES
namespace latentgrid {

// One stage over the whole length: from[q + stride·(p + groups·k)] to to[q + stride·(radix·p + j)].
struct TransformStage {
  std::size_t radix, groups, stride;
  const float* twiddles;
  const float* from;
  float* to;
  std::size_t real, imaginary;  // offsets of the parts; swapped for the inverse
};

}  // namespace latentgrid
#endif

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, LineTransform::lines>;
using Vec = hn::Vec<Tag>;

struct Value {
  Vec re, im;
};

HWY_INLINE Value operator+(Value a, Value b) { return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)}; }
HWY_INLINE Value operator-(Value a, Value b) { return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)}; }
HWY_INLINE Value scaled(Value a, Vec factor) { return {hn::Mul(a.re, factor), hn::Mul(a.im, factor)}; }
HWY_INLINE Value times_minus_i(Value a) { return {a.im, hn::Neg(a.re)}; }
HWY_INLINE Value product(Value a, Vec re, Vec im) {
  return {hn::Sub(hn::Mul(a.re, re), hn::Mul(a.im, im)), hn::Add(hn::Mul(a.re, im), hn::Mul(a.im, re))};
}

template <std::size_t RADIX>
struct Butterfly;

template <>
struct Butterfly<2> {
  static HWY_INLINE void apply(Value* x) {
    const Value difference = x[0] - x[1];
    x[0] = x[0] + x[1];
    x[1] = difference;
  }
};

template <>
struct Butterfly<3> {
  static HWY_INLINE void apply(Value* x) {
    const Tag d;
    const Value sum = x[1] + x[2];
    const Value turned = times_minus_i(scaled(x[1] - x[2], hn::Set(d, 0.866025403784438647f)));
    const Value middle = x[0] - scaled(sum, hn::Set(d, 0.5f));
    x[0] = x[0] + sum;
    x[1] = middle + turned;
    x[2] = middle - turned;
  }
};

template <>
struct Butterfly<4> {
  static HWY_INLINE void apply(Value* x) {
    const Value even = x[0] + x[2], odd = x[1] + x[3];
    const Value even_difference = x[0] - x[2], odd_difference = times_minus_i(x[1] - x[3]);
    x[0] = even + odd;
    x[1] = even_difference + odd_difference;
    x[2] = even - odd;
    x[3] = even_difference - odd_difference;
  }
};

template <>
struct Butterfly<5> {
  static HWY_INLINE void apply(Value* x) {
    const Tag d;
    const Vec cos1 = hn::Set(d, 0.309016994374947424f), cos2 = hn::Set(d, -0.809016994374947424f);
    const Vec sin1 = hn::Set(d, 0.951056516295153572f), sin2 = hn::Set(d, 0.587785252292473129f);
    const Value outer = x[1] + x[4], inner = x[2] + x[3];
    const Value outer_difference = x[1] - x[4], inner_difference = x[2] - x[3];
    const Value first = x[0] + scaled(outer, cos1) + scaled(inner, cos2);
    const Value second = x[0] + scaled(outer, cos2) + scaled(inner, cos1);
    const Value first_turned = times_minus_i(scaled(outer_difference, sin1) + scaled(inner_difference, sin2));
    const Value second_turned = times_minus_i(scaled(outer_difference, sin2) - scaled(inner_difference, sin1));
    x[0] = x[0] + outer + inner;
    x[1] = first + first_turned;
    x[2] = second + second_turned;
    x[3] = second - second_turned;
    x[4] = first - first_turned;
  }
};

template <std::size_t RADIX>
void run_radix(const TransformStage& stage) {
  constexpr std::size_t width = 2 * LineTransform::lines;  // floats an element
  const Tag d;
  for (std::size_t offset = 0; offset < LineTransform::lines; offset += hn::Lanes(d)) {
    const std::size_t real = stage.real + offset, imaginary = stage.imaginary + offset;
    for (std::size_t p = 0; p < stage.groups; ++p) {
      Vec re[RADIX], im[RADIX];
#pragma GCC unroll 8
      for (std::size_t j = 1; j < RADIX; ++j) {
        re[j] = hn::Set(d, stage.twiddles[(p * (RADIX - 1) + j - 1) * 2]);
        im[j] = hn::Set(d, stage.twiddles[(p * (RADIX - 1) + j - 1) * 2 + 1]);
      }
      const float* from = stage.from + p * stage.stride * width;
      float* to = stage.to + p * RADIX * stage.stride * width;
      for (std::size_t q = 0; q < stage.stride; ++q, from += width, to += width) {
        Value x[RADIX];
#pragma GCC unroll 8
        for (std::size_t k = 0; k < RADIX; ++k) {
          const float* element = from + k * stage.groups * stage.stride * width;
          x[k] = {hn::LoadU(d, element + real), hn::LoadU(d, element + imaginary)};
        }
        Butterfly<RADIX>::apply(x);
#pragma GCC unroll 8
        for (std::size_t j = 0; j < RADIX; ++j) {
          const Value y = j == 0 ? x[0] : product(x[j], re[j], im[j]);
          float* element = to + j * stage.stride * width;
          hn::StoreU(y.re, d, element + real);
          hn::StoreU(y.im, d, element + imaginary);
        }
      }
    }
  }
}

void run_stage(const TransformStage& stage) {
  switch (stage.radix) {
    case 2:
      return run_radix<2>(stage);
    case 3:
      return run_radix<3>(stage);
    case 4:
      return run_radix<4>(stage);
    default:
      return run_radix<5>(stage);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

HWY_EXPORT(run_stage);

namespace {

constexpr std::size_t radices[] = {4, 2, 3, 5};

}  // namespace

std::int64_t LineTransform::fast_length(std::int64_t at_least) {
  for (std::int64_t length = std::max<std::int64_t>(at_least, 1);; ++length) {
    std::int64_t rest = length;
    for (std::int64_t factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return length;
  }
}

LineTransform::LineTransform(std::int64_t length) : length_(length) {
  if (length < 1 || fast_length(length) != length) {
    throw Error(fmt::format("a transform of length {} cannot be had: only products of 2, 3 and 5", length));
  }
  auto rest = static_cast<std::size_t>(length);
  std::size_t stride = 1;
  for (std::size_t radix : radices) {
    for (; rest % radix == 0; stride *= radix) {
      Stage stage{.radix = radix, .groups = rest / radix, .stride = stride, .twiddles = {}};
      stage.twiddles.reserve(stage.groups * (radix - 1) * 2);
      for (std::size_t p = 0; p < stage.groups; ++p) {
        for (std::size_t j = 1; j < radix; ++j) {
          const double angle = -2 * std::numbers::pi * static_cast<double>(p * j) / static_cast<double>(rest);
          stage.twiddles.push_back(static_cast<float>(std::cos(angle)));
          stage.twiddles.push_back(static_cast<float>(std::sin(angle)));
        }
      }
      rest = stage.groups;
      stages_.push_back(std::move(stage));
    }
  }
}

float* LineTransform::transform(float* data, float* scratch, bool backward) const {
  for (const Stage& stage : stages_) {
    HWY_DYNAMIC_DISPATCH(run_stage)
    ({.radix = stage.radix,
      .groups = stage.groups,
      .stride = stage.stride,
      .twiddles = stage.twiddles.data(),
      .from = data,
      .to = scratch,
      .real = backward ? lines : 0,
      .imaginary = backward ? 0 : lines});
    std::swap(data, scratch);
  }
  return data;
}

}  // namespace latentgrid
#endif  // HWY_ONCE
