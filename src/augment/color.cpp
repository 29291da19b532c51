#include "augment/color.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "augment/color.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, widest_vector>;  // planes are whole vectors of these
using Vec = hn::Vec<Tag>;

template <typename D, typename V = hn::Vec<D>>
HWY_INLINE V luminance(D d, V red, V green, V blue) {
  return hn::Add(hn::Add(hn::Mul(hn::Set(d, 0.2989f), red), hn::Mul(hn::Set(d, 0.587f), green)), hn::Mul(hn::Set(d, 0.114f), blue));
}

HWY_INLINE Vec in_range(Vec x) {
  const Tag d;
  return hn::Min(hn::Max(x, hn::Zero(d)), hn::Set(d, 1.0f));
}

// factor·x + offset of every value.
void scale_and_shift(FloatImage& image, float factor, float offset) {
  const Tag d;
  const Vec f = hn::Set(d, factor), o = hn::Set(d, offset);
  float* const values = image.values.data();
  for (std::size_t i = 0; i < image.values.size(); i += hn::Lanes(d)) {
    hn::StoreU(in_range(hn::Add(hn::Mul(f, hn::LoadU(d, values + i)), o)), d, values + i);
  }
}

// Of `count` values or luminances, in float32 for a few of them and in float64 over these. Three planes, or one.
double sum_of(const float* red, const float* green, const float* blue, std::size_t count) {
  constexpr std::size_t at_once = 1024;
  const EightLanes d;
  const std::size_t width = hn::Lanes(d), passes = kLanes / width;
  double total = 0;
  for (std::size_t begin = 0; begin < count; begin += at_once) {
    const std::size_t end = HWY_MIN(count, begin + at_once);
    hn::Vec<EightLanes> sums[kLanes];
    for (std::size_t p = 0; p < passes; ++p) sums[p] = hn::Zero(d);
    std::size_t i = begin;
    for (; i + kLanes <= end; i += kLanes) {
      for (std::size_t p = 0; p < passes; ++p) {
        const std::size_t at = i + p * width;
        const auto value = green ? luminance(d, hn::LoadU(d, red + at), hn::LoadU(d, green + at), hn::LoadU(d, blue + at)) : hn::LoadU(d, red + at);
        sums[p] = hn::Add(sums[p], value);
      }
    }
    float lanes[kLanes];
    for (std::size_t p = 0; p < passes; ++p) hn::StoreU(sums[p], d, lanes + p * width);
    total += sum_lanes<double>(lanes);
    const hn::CappedTag<float, 1> one;
    for (; i < end; ++i) {
      total += hn::GetLane(green ? luminance(one, hn::Set(one, red[i]), hn::Set(one, green[i]), hn::Set(one, blue[i])) : hn::Set(one, red[i]));
    }
  }
  return total;
}

// factor·x + (1 - factor)·luminance: all of it with factor 0.
void saturate(FloatImage& image, float factor) {
  const Tag d;
  const Vec f = hn::Set(d, factor), rest = hn::Set(d, 1.0f - factor);
  float *const red = image.plane(0), *const green = image.plane(1), *const blue = image.plane(2);
  for (std::size_t i = 0; i < image.plane_size; i += hn::Lanes(d)) {
    const Vec r = hn::LoadU(d, red + i), g = hn::LoadU(d, green + i), b = hn::LoadU(d, blue + i);
    const Vec gray = hn::Mul(rest, luminance(d, r, g, b));
    hn::StoreU(in_range(hn::Add(hn::Mul(f, r), gray)), d, red + i);
    hn::StoreU(in_range(hn::Add(hn::Mul(f, g), gray)), d, green + i);
    hn::StoreU(in_range(hn::Add(hn::Mul(f, b), gray)), d, blue + i);
  }
}

// One channel of a color in HSV: value - chroma·clamp(min(k, 4 - k)) with k = (place + 6·hue) mod 6.
HWY_INLINE Vec channel_of(Vec sixths, float place, Vec value, Vec chroma) {
  const Tag d;
  const Vec zero = hn::Zero(d), six = hn::Set(d, 6.0f);
  const Vec turned = hn::Add(sixths, hn::Set(d, place));
  const Vec k = hn::Sub(turned, hn::Mul(six, hn::Floor(hn::Mul(turned, hn::Set(d, 1.0f / 6)))));
  return hn::Max(hn::Sub(value, hn::Mul(chroma, in_range(hn::Min(k, hn::Sub(hn::Set(d, 4.0f), k))))), zero);
}

void turn_hue(FloatImage& image, float turns) {
  const Tag d;
  const Vec zero = hn::Zero(d), one = hn::Set(d, 1.0f), two = hn::Set(d, 2.0f), four = hn::Set(d, 4.0f), shift = hn::Set(d, 6 * turns);
  float *const red = image.plane(0), *const green = image.plane(1), *const blue = image.plane(2);
  for (std::size_t i = 0; i < image.plane_size; i += hn::Lanes(d)) {
    const Vec r = hn::LoadU(d, red + i), g = hn::LoadU(d, green + i), b = hn::LoadU(d, blue + i);
    const Vec value = hn::Max(r, hn::Max(g, b)), chroma = hn::Sub(value, hn::Min(r, hn::Min(g, b)));
    const auto is_gray = hn::Eq(chroma, zero);
    const Vec unit = hn::Div(one, hn::IfThenElse(is_gray, one, chroma));
    // Sixths of the circle, from red.
    const Vec of_red = hn::Mul(hn::Sub(g, b), unit);
    const Vec of_green = hn::Add(two, hn::Mul(hn::Sub(b, r), unit));
    const Vec of_blue = hn::Add(four, hn::Mul(hn::Sub(r, g), unit));
    const Vec hue = hn::IfThenElse(hn::Eq(value, r), of_red, hn::IfThenElse(hn::Eq(value, g), of_green, of_blue));
    const Vec sixths = hn::Add(hue, shift);
    hn::StoreU(channel_of(sixths, 5.0f, value, chroma), d, red + i);
    hn::StoreU(channel_of(sixths, 3.0f, value, chroma), d, green + i);
    hn::StoreU(channel_of(sixths, 1.0f, value, chroma), d, blue + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace latentgrid {

HWY_EXPORT(scale_and_shift);
HWY_EXPORT(sum_of);
HWY_EXPORT(saturate);
HWY_EXPORT(turn_hue);

namespace {

double mean_of(const FloatImage& image) {
  const auto area = static_cast<std::size_t>(image.area());
  if (image.channels == 3) {
    return HWY_DYNAMIC_DISPATCH(sum_of)(image.plane(0), image.plane(1), image.plane(2), area) / static_cast<double>(area);
  }
  double total = 0;
  for (std::int64_t c = 0; c < image.channels; ++c) total += HWY_DYNAMIC_DISPATCH(sum_of)(image.plane(c), nullptr, nullptr, area);
  return total / static_cast<double>(image.area() * image.channels);
}

}  // namespace

void adjust_brightness(FloatImage& image, float factor) { HWY_DYNAMIC_DISPATCH(scale_and_shift)(image, factor, 0); }

void adjust_contrast(FloatImage& image, float factor) {
  HWY_DYNAMIC_DISPATCH(scale_and_shift)(image, factor, (1 - factor) * static_cast<float>(mean_of(image)));
}

void adjust_saturation(FloatImage& image, float factor) {
  if (image.channels == 3) HWY_DYNAMIC_DISPATCH(saturate)(image, factor);
}

void adjust_hue(FloatImage& image, float turns) {
  if (image.channels == 3) HWY_DYNAMIC_DISPATCH(turn_hue)(image, turns);
}

void to_luminance(FloatImage& image) { adjust_saturation(image, 0); }

}  // namespace latentgrid
#endif  // HWY_ONCE
