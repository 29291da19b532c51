#include "nn/winograd_kernels.hpp"

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/winograd_kernels.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace latentgrid::nn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;  // channels come in multiples of 16
using V = hn::Vec<Floats>;

constexpr std::int64_t lanes = hn::MaxLanes(Floats());

HWY_INLINE V load(const float* from) {
  return hn::LoadU(Floats(), from);
}

HWY_INLINE void store(V x, float* to) {
  hn::StoreU(x, Floats(), to);
}

HWY_INLINE V constant(float x) {
  return hn::Set(Floats(), x);
}

// The matrices of Lavin & Gray for the points 0, ±a, ±b and infinity, one side of a transform each: x has kIn values,
// the result kOut. In float32, 5/8 and 3/2 leave a quarter of the errors of the usual 1 and 2.
constexpr float a = 0.625F, b = 1.5F, aa = a * a, bb = b * b;
constexpr float for_0 = 1 / (aa * bb), for_a = 1 / (2 * aa * (aa - bb)), for_b = 1 / (2 * bb * (bb - aa));

struct OfWindow {  // Bᵀ
  static constexpr int kIn = 6, kOut = 6;
  static HWY_INLINE void apply(const V* HWY_RESTRICT x, V* HWY_RESTRICT y) {
    y[0] = hn::MulAdd(constant(aa * bb), x[0], hn::NegMulAdd(constant(aa + bb), x[2], x[4]));
    y[5] = hn::MulAdd(constant(aa * bb), x[1], hn::NegMulAdd(constant(aa + bb), x[3], x[5]));
    const V even = hn::NegMulAdd(constant(bb), x[2], x[4]), odd = hn::NegMulAdd(constant(bb), x[1], x[3]);
    y[1] = hn::MulAdd(constant(a), odd, even);
    y[2] = hn::NegMulAdd(constant(a), odd, even);
    const V other_even = hn::NegMulAdd(constant(aa), x[2], x[4]), other_odd = hn::NegMulAdd(constant(aa), x[1], x[3]);
    y[3] = hn::MulAdd(constant(b), other_odd, other_even);
    y[4] = hn::NegMulAdd(constant(b), other_odd, other_even);
  }
};

struct OfFilter {  // G
  static constexpr int kIn = 3, kOut = 6;
  static HWY_INLINE void apply(const V* HWY_RESTRICT x, V* HWY_RESTRICT y) {
    y[0] = hn::Mul(constant(for_0), x[0]);
    const V even = hn::Mul(constant(for_a), hn::MulAdd(constant(aa), x[2], x[0]));
    y[1] = hn::MulAdd(constant(for_a * a), x[1], even);
    y[2] = hn::NegMulAdd(constant(for_a * a), x[1], even);
    const V other_even = hn::Mul(constant(for_b), hn::MulAdd(constant(bb), x[2], x[0]));
    y[3] = hn::MulAdd(constant(for_b * b), x[1], other_even);
    y[4] = hn::NegMulAdd(constant(for_b * b), x[1], other_even);
    y[5] = x[2];
  }
};

struct OfProduct {  // Aᵀ
  static constexpr int kIn = 6, kOut = 4;
  static HWY_INLINE void apply(const V* HWY_RESTRICT x, V* HWY_RESTRICT y) {
    const V even = hn::Add(x[1], x[2]), odd = hn::Sub(x[1], x[2]);
    const V other_even = hn::Add(x[3], x[4]), other_odd = hn::Sub(x[3], x[4]);
    y[0] = hn::Add(x[0], hn::Add(even, other_even));
    y[1] = hn::MulAdd(constant(b), other_odd, hn::Mul(constant(a), odd));
    y[2] = hn::MulAdd(constant(bb), other_even, hn::Mul(constant(aa), even));
    y[3] = hn::MulAdd(constant(bb * b), other_odd, hn::MulAdd(constant(aa * a), odd, x[5]));
  }
};

struct OfGradient {  // A
  static constexpr int kIn = 4, kOut = 6;
  static HWY_INLINE void apply(const V* HWY_RESTRICT x, V* HWY_RESTRICT y) {
    y[0] = x[0];
    const V even = hn::MulAdd(constant(aa), x[2], x[0]), odd = hn::MulAdd(constant(aa), x[3], x[1]);
    y[1] = hn::MulAdd(constant(a), odd, even);
    y[2] = hn::NegMulAdd(constant(a), odd, even);
    const V other_even = hn::MulAdd(constant(bb), x[2], x[0]), other_odd = hn::MulAdd(constant(bb), x[3], x[1]);
    y[3] = hn::MulAdd(constant(b), other_odd, other_even);
    y[4] = hn::NegMulAdd(constant(b), other_odd, other_even);
    y[5] = x[3];
  }
};

struct OfSum {  // Gᵀ
  static constexpr int kIn = 6, kOut = 3;
  static HWY_INLINE void apply(const V* HWY_RESTRICT x, V* HWY_RESTRICT y) {
    const V even = hn::Mul(constant(for_a), hn::Add(x[1], x[2])), odd = hn::Sub(x[1], x[2]);
    const V other_even = hn::Mul(constant(for_b), hn::Add(x[3], x[4])), other_odd = hn::Sub(x[3], x[4]);
    y[0] = hn::MulAdd(constant(for_0), x[0], hn::Add(even, other_even));
    y[1] = hn::MulAdd(constant(for_a * a), odd, hn::Mul(constant(for_b * b), other_odd));
    y[2] = hn::MulAdd(constant(aa), even, hn::MulAdd(constant(bb), other_even, x[5]));
  }
};

// A transform of both sides: get(i, j) gives the kIn × kIn values of a vector of channels, put(i, j, value) takes the
// kOut × kOut.
template <typename Side, typename Get, typename Put>
HWY_INLINE void transform(const Get& get, const Put& put) {
  constexpr int kIn = Side::kIn, kOut = Side::kOut;
  V halfway[kOut][kIn];
#pragma GCC unroll 6
  for (int j = 0; j < kIn; ++j) {
    V column[kIn], result[kOut];
#pragma GCC unroll 6
    for (int i = 0; i < kIn; ++i) column[i] = get(i, j);
    Side::apply(column, result);
#pragma GCC unroll 6
    for (int i = 0; i < kOut; ++i) halfway[i][j] = result[i];
  }
#pragma GCC unroll 6
  for (int i = 0; i < kOut; ++i) {
    V result[kOut];
    Side::apply(halfway[i], result);
#pragma GCC unroll 6
    for (int j = 0; j < kOut; ++j) put(i, j, result[j]);
  }
}

// A tile's first pixel.
struct Corner {
  std::int64_t image, y, x;
};

HWY_INLINE Corner corner(const TileGrid& grid, std::int64_t tile) {
  const std::int64_t row = tile / grid.columns;
  return {row / grid.rows, row % grid.rows * 4 - grid.top, tile % grid.columns * 4 - grid.left};
}

// Where the kSize × kSize pixels of a tile are, zeros for those outside.
template <int kSize>
struct Pixels {
  const float* at[kSize][kSize];

  Pixels(const float* images, const TileGrid& grid, std::int64_t tile, const float* zeros) {
    const Corner first = corner(grid, tile);
    const float* image = images + first.image * grid.height * grid.width * grid.channels;
    for (int i = 0; i < kSize; ++i) {
      for (int j = 0; j < kSize; ++j) {
        const std::int64_t y = first.y + i, x = first.x + j;
        const bool inside = y >= 0 && y < grid.height && x >= 0 && x < grid.width;
        at[i][j] = inside ? image + (y * grid.width + x) * grid.channels : zeros;
      }
    }
  }
};

// Of the pixels of every tile. With kSums their sums are one more plane. The next tile's pixels are asked for
// meanwhile, as images are larger than caches; the first two columns of a window are those of the tile before.
template <typename Side, bool kSums>
void transform_pixels(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count,
                      const float* zeros, const Planes& result) {
  constexpr int kIn = Side::kIn, kOut = Side::kOut, kShared = kIn - 4;
  Pixels<kIn> pixels(images, grid, first, zeros);
  for (std::int64_t t = 0; t < count; ++t) {
    const Pixels<kIn> next(images, grid, first + std::min(t + 1, count - 1), zeros);
    float* row = result.data + t * result.row;
    for (std::int64_t c = 0; c < grid.channels; c += lanes) {
      V sum = hn::Zero(Floats());
      transform<Side>(
          [&](int i, int j) HWY_ATTR {
            if (j >= kShared) hwy::Prefetch(next.at[i][j] + c);
            const V x = load(pixels.at[i][j] + c);
            if constexpr (kSums) sum = hn::Add(sum, x);
            return x;
          },
          [&](int i, int j, V value) HWY_ATTR { store(value, row + (i * kOut + j) * result.plane + c); });
      if constexpr (kSums) store(sum, row + winograd_planes * result.plane + c);
    }
    pixels = next;
  }
}

void windows(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count, const float* zeros,
             const Planes& result) {
  transform_pixels<OfWindow, false>(images, grid, first, count, zeros, result);
  for (std::int64_t t = count; t % winograd_rows != 0; ++t) {
    for (std::int64_t p = 0; p < winograd_planes; ++p) {
      std::fill_n(result.data + p * result.plane + t * result.row, grid.channels, 0.0F);
    }
  }
}

void gradients(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count, const float* zeros,
               const Planes& result) {
  transform_pixels<OfGradient, true>(images, grid, first, count, zeros, result);
}

void filters(const Taps& taps, std::int64_t in, std::int64_t first, std::int64_t width, float* panel) {
  for (std::int64_t row = 0; row < in; ++row) {
    for (std::int64_t c = 0; c < width; c += lanes) {
      const float* from = taps.weight + row * taps.row + first + c;
      float* to = panel + row * width + c;
      transform<OfFilter>([&](int i, int j)
                              HWY_ATTR { return load(from + (taps.turned ? 8 - 3 * i - j : 3 * i + j) * taps.tap); },
                          [&](int i, int j, V value) HWY_ATTR { store(value, to + (i * 6 + j) * in * width); });
    }
  }
}

// Element (r, k) of the left matrix is data[r·row + k·step].
struct Left {
  const float* data;
  std::int64_t row, step;
};

// result (+)= left·right, of kRows rows and kVectors vectors of columns.
template <int kRows, int kVectors, bool kAdds>
HWY_INLINE void multiply(const Left& left, const float* right, std::int64_t right_row, std::int64_t depth,
                         float* result, std::int64_t result_row) {
  V sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::Zero(Floats());
  }
  const float* column = left.data;
  for (std::int64_t k = 0; k < depth; ++k, column += left.step, right += right_row) {
    V y[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) y[v] = load(right + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
      const V x = constant(column[r * left.row]);
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(x, y[v], sums[r][v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      float* to = result + r * result_row + v * lanes;
      store(kAdds ? hn::Add(load(to), sums[r][v]) : sums[r][v], to);
    }
  }
}

// As many sums as there are registers for: 16 of 32, or 8 of 16.
constexpr int rows_at_once = lanes == 16 ? 8 : 4;
static_assert(winograd_rows % rows_at_once == 0);

// All rows of a panel of columns.
template <bool kAdds>
HWY_INLINE void multiply_panel(const Left& left, std::int64_t rows, const float* right, std::int64_t right_row,
                               std::int64_t depth, std::int64_t width, float* result, std::int64_t result_row) {
  for (std::int64_t c = 0; c < width; c += 2 * lanes) {
    for (std::int64_t r = 0; r < rows; r += rows_at_once) {
      const Left part{left.data + r * left.row, left.row, left.step};
      float* to = result + r * result_row + c;
      if (width - c >= 2 * lanes) {
        multiply<rows_at_once, 2, kAdds>(part, right + c, right_row, depth, to, result_row);
      } else {
        multiply<rows_at_once, 1, kAdds>(part, right + c, right_row, depth, to, result_row);
      }
    }
  }
}

void tile_products(const Planes& windows, std::int64_t count, std::int64_t in, const float* panel, std::int64_t width,
                   const Planes& products) {
  for (std::int64_t p = 0; p < winograd_planes; ++p) {
    multiply_panel<false>({windows.data + p * windows.plane, windows.row, 1}, count, panel + p * in * width, width, in,
                          width, products.data + p * products.plane, products.row);
  }
}

// kStreams: past the caches.
template <bool kStreams>
void output_tiles(const Planes& products, const TileGrid& grid, std::int64_t first_tile, std::int64_t count,
                  std::int64_t first, std::int64_t width, const float* bias, float* images) {
  for (std::int64_t t = 0; t < count; ++t) {
    const Corner at = corner(grid, first_tile + t);
    const std::int64_t height_left = grid.height - at.y, width_left = grid.width - at.x;
    const float* row = products.data + t * products.row;
    float* to = images + ((at.image * grid.height + at.y) * grid.width + at.x) * grid.channels + first;
    for (std::int64_t c = 0; c < width; c += lanes) {
      const V shift = bias ? load(bias + first + c) : hn::Zero(Floats());
      transform<OfProduct>([&](int i, int j) HWY_ATTR { return load(row + (i * 6 + j) * products.plane + c); },
                           [&](int i, int j, V value) HWY_ATTR {
                             if (i >= height_left || j >= width_left) return;
                             float* pixel = to + (i * grid.width + j) * grid.channels + c;
                             const V result = hn::Add(value, shift);
                             if constexpr (kStreams) hn::Stream(result, Floats(), pixel);
                             if constexpr (!kStreams) store(result, pixel);
                           });
    }
  }
  if constexpr (kStreams) hwy::FlushStream();
}

void outputs(const Planes& products, const TileGrid& grid, std::int64_t first_tile, std::int64_t count,
             std::int64_t first, std::int64_t width, const float* bias, bool streams, float* images) {
  if (streams) return output_tiles<true>(products, grid, first_tile, count, first, width, bias, images);
  output_tiles<false>(products, grid, first_tile, count, first, width, bias, images);
}

void weight_products(const float* gradients, std::int64_t gradient_row, const float* windows, std::int64_t window_row,
                     std::int64_t count, std::int64_t in, std::int64_t first, std::int64_t last, float* sum) {
  for (std::int64_t c = 0; c < in; c += winograd_panel) {
    multiply_panel<true>({gradients + first, 1, gradient_row}, last - first, windows + c, window_row, count,
                         std::min(winograd_panel, in - c), sum + first * in + c, in);
  }
}

void row_sums(const float* rows, std::int64_t row, std::int64_t count, std::int64_t channels, float* sum) {
  for (std::int64_t c = 0; c < channels; c += lanes) {
    V total = hn::Zero(Floats());
    for (std::int64_t r = 0; r < count; ++r) total = hn::Add(total, load(rows + r * row + c));
    store(hn::Add(load(sum + c), total), sum + c);
  }
}

void weight_gradient(const float* sums, std::int64_t plane, std::int64_t in, std::int64_t out, float* filter) {
  for (std::int64_t c = 0; c < in; c += lanes) {
    transform<OfSum>([&](int i, int j) HWY_ATTR { return load(sums + (i * 6 + j) * plane + out * in + c); },
                     [&](int i, int j, V value) HWY_ATTR { store(value, filter + (3 * i + j) * in + c); });
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace latentgrid::nn {

HWY_EXPORT(windows);
HWY_EXPORT(gradients);
HWY_EXPORT(filters);
HWY_EXPORT(tile_products);
HWY_EXPORT(outputs);
HWY_EXPORT(weight_products);
HWY_EXPORT(row_sums);
HWY_EXPORT(weight_gradient);

void transform_windows(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count,
                       const Planes& result) {
  const std::vector<float> zeros(grid.channels);
  HWY_DYNAMIC_DISPATCH(windows)(images, grid, first, count, zeros.data(), result);
}

void transform_gradients(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count,
                         const Planes& result) {
  const std::vector<float> zeros(grid.channels);
  HWY_DYNAMIC_DISPATCH(gradients)(images, grid, first, count, zeros.data(), result);
}

void transform_filters(const Taps& taps, std::int64_t in, std::int64_t first, std::int64_t width, float* panel) {
  HWY_DYNAMIC_DISPATCH(filters)(taps, in, first, width, panel);
}

void multiply_tiles(const Planes& windows, std::int64_t count, std::int64_t in, const float* panel, std::int64_t width,
                    const Planes& products) {
  HWY_DYNAMIC_DISPATCH(tile_products)(windows, count, in, panel, width, products);
}

void transform_products(const Planes& products, const TileGrid& grid, std::int64_t first_tile, std::int64_t count,
                        std::int64_t first, std::int64_t width, const float* bias, bool streams, float* images) {
  HWY_DYNAMIC_DISPATCH(outputs)(products, grid, first_tile, count, first, width, bias, streams, images);
}

void add_products(const float* gradients, std::int64_t gradient_row, const float* windows, std::int64_t window_row,
                  std::int64_t count, std::int64_t in, std::int64_t first, std::int64_t last, float* sum) {
  HWY_DYNAMIC_DISPATCH(weight_products)
  (gradients, gradient_row, windows, window_row, count, in, first, last, sum);
}

void add_rows(const float* rows, std::int64_t row, std::int64_t count, std::int64_t channels, float* sum) {
  HWY_DYNAMIC_DISPATCH(row_sums)(rows, row, count, channels, sum);
}

void transform_sums(const float* sums, std::int64_t plane, std::int64_t in, std::int64_t out, float* filter) {
  HWY_DYNAMIC_DISPATCH(weight_gradient)(sums, plane, in, out, filter);
}

}  // namespace latentgrid::nn

#endif  // HWY_ONCE
