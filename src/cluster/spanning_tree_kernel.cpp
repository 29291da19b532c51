#include "cluster/spanning_tree_kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/spanning_tree_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <limits>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<double, 8>;
using Vec = hn::Vec<Tag>;
constexpr std::size_t kSideBySide = 4;

double update_block(const SpanningStep& step) {
  const Tag d;
  const hn::Rebind<float, Tag> df;
  const std::size_t lanes = hn::Lanes(d);
  const Vec core = hn::Set(d, step.core);
  Vec least = hn::Set(d, std::numeric_limits<double>::infinity());
  for (std::size_t begin = 0; begin < spanning_block; begin += kSideBySide * lanes) {
    Vec sums[kSideBySide];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kSideBySide; ++v) sums[v] = hn::Zero(d);
    for (std::size_t i = 0; i < step.width; ++i) {
      const Vec value = hn::Set(d, step.point[i]);
      const float* HWY_RESTRICT x = step.x + i * spanning_block + begin;
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kSideBySide; ++v) {
        const Vec difference = hn::Sub(hn::PromoteTo(d, hn::Load(df, x + v * lanes)), value);
        sums[v] = hn::Add(sums[v], hn::Mul(difference, difference));
      }
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kSideBySide; ++v) {
      const std::size_t at = begin + v * lanes;
      const Vec reach = hn::Max(sums[v], hn::Max(core, hn::Load(d, step.cores + at)));
      const Vec before = hn::Load(d, step.nearest + at);
      const auto nearer = hn::Lt(reach, before);
      const Vec now = hn::IfThenElse(nearer, reach, before);
      least = hn::Min(least, now);
      if (hn::AllFalse(d, nearer)) continue;
      hn::Store(now, d, step.nearest + at);
      std::uint8_t bits[8] = {};  // StoreMaskBits may write so many
      hn::StoreMaskBits(d, nearer, bits);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (bits[0] >> lane & 1) step.sources[at + lane] = step.number;
      }
    }
  }
  return hn::GetLane(hn::MinOfLanes(d, least));
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace latentgrid {

HWY_EXPORT(update_block);

double spanning_step(const SpanningStep& step) {
  return HWY_DYNAMIC_DISPATCH(update_block)(step);
}

}  // namespace latentgrid
#endif  // HWY_ONCE
