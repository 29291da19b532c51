#include "neighbors/near_pairs.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neighbors/near_pairs.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

std::size_t near_pairs_of_row(const PairRow& row, std::int32_t* near) {
  const hn::CappedTag<float, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto part = hn::Set(d, row.part), limit = hn::Set(d, row.limit);
  std::size_t found = 0, j = 0;
  for (; j + lanes <= row.count; j += lanes) {
    const auto lower = hn::Sub(hn::Add(part, hn::LoadU(d, row.parts + j)), hn::LoadU(d, row.products + j));
    const auto far = hn::And(hn::Gt(lower, limit), hn::Gt(lower, hn::LoadU(d, row.limits + j)));
    if (hn::AllTrue(d, far)) continue;
    std::uint8_t bits[8] = {};  // StoreMaskBits may write so many
    hn::StoreMaskBits(d, hn::Not(far), bits);
    for (unsigned left = bits[0] | bits[1] << 8; left != 0; left &= left - 1) {
      near[found++] = static_cast<std::int32_t>(j + std::countr_zero(left));
    }
  }
  for (; j < row.count; ++j) {
    const float lower = row.part + row.parts[j] - row.products[j];
    if (!(lower > row.limit && lower > row.limits[j])) near[found++] = static_cast<std::int32_t>(j);
  }
  return found;
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace latentgrid {

HWY_EXPORT(near_pairs_of_row);

std::size_t near_pairs(const PairRow& row, std::int32_t* near) {
  return HWY_DYNAMIC_DISPATCH(near_pairs_of_row)(row, near);
}

}  // namespace latentgrid
#endif  // HWY_ONCE
