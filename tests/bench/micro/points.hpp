#pragma once

#include "support/random_points.hpp"

namespace latentgrid::bench {

// Ten overlapping groups: what latents look like to these kernels.
inline MatrixRf latents(std::int64_t rows, std::int64_t columns) {
  return testing::random_groups(rows, columns, 10, 2, 1);
}

inline ConstMatrixRef ref(const MatrixRf& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols()};
}

}  // namespace latentgrid::bench
