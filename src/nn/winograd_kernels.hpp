#pragma once

#include <cstdint>

namespace latentgrid::nn {

// Loops of own_winograd.cpp: Winograd's F(4×4, 3×3) over float32 images in channels_last, whose channels are a multiple
// of 16. A tile is 4×4 pixels of a convolution's output and the 6×6 of its input that they need. Every transform makes
// 36 values of a channel of a tile or filter, which lie in 36 matrices, "planes". Vectorised at run time,
// single-threaded, and without state: any threads may call them on ranges of their own.

constexpr std::int64_t winograd_planes = 36;
constexpr std::int64_t winograd_panel = 32;  // so many columns of a product are made at once, or the 16 that are left
constexpr std::int64_t winograd_rows = 8;    // planes of tiles have room for a multiple of so many

// Where tiles lie in images.
struct TileGrid {
  std::int64_t height, width, channels;  // of an image
  std::int64_t rows, columns;            // of an image's tiles
  std::int64_t top = 0, left = 0;        // pixels by which the first 6×6 begin outside
};

// Element c of row r of plane p is data[p·plane + r·row + c].
struct Planes {
  float* data;
  std::int64_t row, plane;
};

// Of the 6×6 of `count` tiles; zeros are outside the image, and in the rows that fill the last winograd_rows.
void transform_windows(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count,
                       const Planes& result);

// Of filters: element (in, out) of tap (y, x) is weight[(3·y + x)·tap + in·row + out], with (2-y, 2-x) for (y, x) where
// `turned`. Makes the panel of outputs from `first`: 36 matrices of in × width, one behind the other.
struct Taps {
  const float* weight;
  std::int64_t tap, row;
  bool turned;
};
void transform_filters(const Taps& taps, std::int64_t in, std::int64_t first, std::int64_t width, float* panel);

// The 36 products of windows and a panel of filters.
void multiply_tiles(const Planes& windows, std::int64_t count, std::int64_t in, const float* panel, std::int64_t width,
                    const Planes& products);

// Channels `first` to first + width of the output of `count` tiles from these; bias may be null. `streams`: past the
// caches; then the images have to begin at a multiple of 64 bytes.
void transform_products(const Planes& products, const TileGrid& grid, std::int64_t first_tile, std::int64_t count,
                        std::int64_t first, std::int64_t width, const float* bias, bool streams, float* images);

// For the gradient of filters: of the 4×4 gradients of the output, zeros outside. A 37th plane gets their sums.
void transform_gradients(const float* images, const TileGrid& grid, std::int64_t first, std::int64_t count,
                         const Planes& result);

// sum (out × in) += gradientsᵀ·windows of `count` tiles of a plane, for rows `first` to `last` of the sum, multiples of
// winograd_rows.
void add_products(const float* gradients, std::int64_t gradient_row, const float* windows, std::int64_t window_row,
                  std::int64_t count, std::int64_t in, std::int64_t first, std::int64_t last, float* sum);

// A channel's sum over rows is added to `sum`.
void add_rows(const float* rows, std::int64_t row, std::int64_t count, std::int64_t channels, float* sum);

// Filter `out` of the gradient, 3×3×in, from the 36 sums of out × in, `plane` floats apart.
void transform_sums(const float* sums, std::int64_t plane, std::int64_t in, std::int64_t out, float* filter);

}  // namespace latentgrid::nn
