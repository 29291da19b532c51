// Included once for every instruction set, after Highway's foreach_target.
#if defined(LATENTGRID_EIGHT_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LATENTGRID_EIGHT_LANES_INL
#undef LATENTGRID_EIGHT_LANES_INL
#else
#define LATENTGRID_EIGHT_LANES_INL
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

// Eight sums run side by side whatever the vector length, and are added up in one order: every machine gets the same
// bits. Narrower vectors take several passes over the same eight.
constexpr std::size_t kLanes = 8;
using EightLanes = hwy::HWY_NAMESPACE::CappedTag<float, kLanes>;
using EightDoubles = hwy::HWY_NAMESPACE::CappedTag<double, kLanes>;

template <typename Sum, typename T>
HWY_INLINE Sum sum_lanes(const T* s) {
  const Sum first = s[0], second = s[1], third = s[2], fourth = s[3];
  return ((first + s[4]) + (third + s[6])) + ((second + s[5]) + (fourth + s[7]));
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#endif
