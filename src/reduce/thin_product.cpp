#include "reduce/thin_product.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/thin_product.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Tag>;

constexpr std::size_t kInner = 128;  // rows of `right` that stay in the first cache
constexpr std::size_t kAhead = 16;   // rows of the matrix

// `places` rows of out, summed over `inner` steps: from place to place the matrix's values are `across` apart, from step to step `along`.
template <std::size_t PLACES, bool FETCH>
HWY_INLINE void add(const float* HWY_RESTRICT matrix, std::size_t across, std::size_t along, std::size_t inner, const float* HWY_RESTRICT right,
                    float* HWY_RESTRICT out) {
  const Tag d;
  constexpr std::size_t vectors = thin_columns / hn::MaxLanes(Tag());
  const std::size_t width = hn::Lanes(d);
  Vec sum[PLACES][vectors];
  for (std::size_t p = 0; p < PLACES; ++p) {
    for (std::size_t v = 0; v < vectors; ++v) sum[p][v] = hn::LoadU(d, out + p * thin_columns + v * width);
  }
  for (std::size_t i = 0; i < inner; ++i) {
    if (FETCH) hwy::Prefetch(matrix + kAhead * along);
    Vec row[vectors];
    for (std::size_t v = 0; v < vectors; ++v) row[v] = hn::LoadU(d, right + v * width);
    for (std::size_t p = 0; p < PLACES; ++p) {
      const Vec value = hn::Set(d, matrix[p * across]);
      for (std::size_t v = 0; v < vectors; ++v) sum[p][v] = hn::MulAdd(value, row[v], sum[p][v]);
    }
    matrix += along;
    right += thin_columns;
  }
  for (std::size_t p = 0; p < PLACES; ++p) {
    for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sum[p][v], d, out + p * thin_columns + v * width);
  }
}

// As many as there are registers for.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
constexpr std::size_t kPlaces = 8;
#else
constexpr std::size_t kPlaces = hn::MaxLanes(Tag()) >= 8 ? 2 : 1;
#endif

void add_rows(const ThinProduct& p) {
  for (std::size_t first = 0; first < p.columns; first += kInner) {
    const std::size_t inner = std::min(kInner, p.columns - first);
    const float* const right = p.right + first * thin_columns;
    std::size_t row = 0;
    for (; row + kPlaces <= p.rows; row += kPlaces) {
      add<kPlaces, false>(p.matrix + row * p.stride + first, p.stride, 1, inner, right, p.out + row * thin_columns);
    }
    for (; row < p.rows; ++row) add<1, false>(p.matrix + row * p.stride + first, p.stride, 1, inner, right, p.out + row * thin_columns);
  }
}

void add_columns(const ThinProduct& p) {
  for (std::size_t first = 0; first < p.rows; first += kInner) {
    const std::size_t inner = std::min(kInner, p.rows - first);
    const float *const matrix = p.matrix + first * p.stride, *const right = p.right + first * thin_columns;
    std::size_t column = 0;
    for (; column + kPlaces <= p.columns; column += kPlaces) {
      add<kPlaces, true>(matrix + column, 1, p.stride, inner, right, p.out + column * thin_columns);
    }
    for (; column < p.columns; ++column) add<1, true>(matrix + column, 1, p.stride, inner, right, p.out + column * thin_columns);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace latentgrid {

HWY_EXPORT(add_rows);
HWY_EXPORT(add_columns);

void add_thin_product(const ThinProduct& product) { HWY_DYNAMIC_DISPATCH(add_rows)(product); }
void add_transposed_thin_product(const ThinProduct& product) { HWY_DYNAMIC_DISPATCH(add_columns)(product); }

}  // namespace latentgrid
#endif
