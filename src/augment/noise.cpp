#include "augment/noise.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "augment/noise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, widest_vector>;
using Vec = hn::Vec<Tag>;
using Bits = hn::RebindToSigned<Tag>;

// ln(x) of a normal x > 0: x = 2^n·m with m in [sqrt(1/2), sqrt(2)), ln(m) = 2·atanh((m - 1) / (m + 1)).
HWY_INLINE Vec log_of_vector(Vec x) {
  const Tag d;
  const Bits di;
  const auto bits = hn::BitCast(di, x);
  const auto root_half = hn::Set(di, 0x3f3504f3);
  const auto n = hn::ShiftRight<23>(hn::Sub(bits, root_half));
  const Vec m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(n)));
  const Vec one = hn::Set(d, 1.0f);
  const Vec s = hn::Div(hn::Sub(m, one), hn::Add(m, one)), square = hn::Mul(s, s);
  Vec sum = hn::Set(d, 2.0f / 9);
  for (const float coefficient : {2.0f / 7, 2.0f / 5, 2.0f / 3, 2.0f}) sum = hn::Add(hn::Mul(sum, square), hn::Set(d, coefficient));
  return hn::Add(hn::Mul(hn::ConvertTo(d, n), hn::Set(d, 0.693147181f)), hn::Mul(sum, s));
}

// `count` times radius·cos(turn), then as many times radius·sin(turn), count being whole vectors. `bits`: `count` numbers for the
// radius, then as many for the turn.
void make_normals(const std::uint32_t* bits, std::size_t count, float* normals) {
  const Tag d;
  const Bits di;
  const hn::RebindToUnsigned<Tag> du;
  const auto uniform = [&](const std::uint32_t* from) {  // [0, 1) in steps of 2^-24
    return hn::Mul(hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(hn::LoadU(du, from)))), hn::Set(d, 0x1p-24f));
  };
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const Vec above_zero = hn::Add(uniform(bits + i), hn::Set(d, 0x1p-24f));
    const Vec radius = hn::Sqrt(hn::Mul(hn::Set(d, -2.0f), hn::Min(log_of_vector(above_zero), hn::Zero(d))));
    // Taylor's series of the angle to the nearest quarter turn, at most pi / 4.
    const Vec quarters = hn::Mul(hn::Set(d, 4.0f), uniform(bits + count + i)), quarter = hn::Round(quarters);
    const Vec x = hn::Mul(hn::Sub(quarters, quarter), hn::Set(d, 1.57079633f)), square = hn::Mul(x, x);
    Vec sine = hn::Set(d, 1.0f / 362880), cosine = hn::Set(d, 1.0f / 40320);
    for (const float c : {-1.0f / 5040, 1.0f / 120, -1.0f / 6, 1.0f}) sine = hn::Add(hn::Mul(sine, square), hn::Set(d, c));
    for (const float c : {-1.0f / 720, 1.0f / 24, -1.0f / 2, 1.0f}) cosine = hn::Add(hn::Mul(cosine, square), hn::Set(d, c));
    sine = hn::Mul(sine, x);
    // A quarter turn takes (cos, sin) to (-sin, cos), a half turn to (-cos, -sin).
    const auto number = hn::ConvertTo(di, quarter);
    const auto is_odd = hn::RebindMask(d, hn::TestBit(number, hn::Set(di, 1)));
    const auto is_behind = hn::RebindMask(d, hn::TestBit(number, hn::Set(di, 2)));
    const Vec length = hn::IfThenElse(is_behind, hn::Neg(radius), radius);
    hn::StoreU(hn::Mul(length, hn::IfThenElse(is_odd, hn::Neg(sine), cosine)), d, normals + i);
    hn::StoreU(hn::Mul(length, hn::IfThenElse(is_odd, cosine, sine)), d, normals + count + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <cstdint>
#include <memory>
#include <vector>

#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

HWY_EXPORT(make_normals);

namespace {

class Noise : public AugmentationStep {
 public:
  explicit Noise(const Json& params) : sd_(params.at("sd")) {}

  void apply(Canvas& canvas, RandomStream& random) const override { add_noise(canvas.image, sd_, random); }

 private:
  float sd_;
};

}  // namespace

void add_noise(FloatImage& image, float sd, RandomStream& random) {
  const std::size_t count = (image.values.size() / 2 + widest_vector - 1) / widest_vector * widest_vector;
  std::vector<std::uint32_t> bits(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t number = random();
    bits[i] = static_cast<std::uint32_t>(number >> 32);
    bits[count + i] = static_cast<std::uint32_t>(number);
  }
  std::vector<float> normals(2 * count);
  HWY_DYNAMIC_DISPATCH(make_normals)(bits.data(), count, normals.data());
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const float noisy = image.values[i] + sd * normals[i];
    image.values[i] = noisy < 0 ? 0 : noisy > 1 ? 1 : noisy;
  }
}

std::unique_ptr<AugmentationStep> noise_step(const Json& params) { return std::make_unique<Noise>(params); }

}  // namespace latentgrid
#endif  // HWY_ONCE
