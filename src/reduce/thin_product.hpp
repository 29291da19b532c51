#pragma once

#include <cstddef>

namespace latentgrid {

// Of products with few columns, which a BLAS copies the matrix for: twice as fast where it does not fit into the cache.
constexpr std::size_t thin_columns = 48;

struct ThinProduct {
  const float* matrix;  // rows × columns, a row after the other
  std::size_t stride;   // from one row to the next
  std::size_t rows, columns;
  const float* right;  // thin_columns values a row, and so on
  float* out;
};

// out (rows) += matrix · right (columns). Fused multiply-adds where the machine has them. Thread-safe.
void add_thin_product(const ThinProduct& product);
// out (columns) += matrix transposed · right (rows).
void add_transposed_thin_product(const ThinProduct& product);

}  // namespace latentgrid
