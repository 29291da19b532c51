#pragma once

#include <cstdint>

#include "base/matrix.hpp"
#include "base/random.hpp"

namespace latentgrid::testing {

// Normal random numbers of the given standard deviation.
inline MatrixRf random_points(std::int64_t rows, std::int64_t columns, std::int64_t seed, double deviation = 1) {
  RandomStream random(seed, "test");
  MatrixRf out(rows, columns);
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(deviation * random.normal());
  return out;
}

// `groups` balls of deviation 1 whose centers are `spread` apart in scale; row i belongs to ball i % groups.
inline MatrixRf random_groups(std::int64_t rows, std::int64_t columns, std::int64_t groups, double spread,
                              std::int64_t seed) {
  const MatrixRf centers = random_points(groups, columns, seed + 1, spread);
  MatrixRf out = random_points(rows, columns, seed);
  for (Eigen::Index i = 0; i < rows; ++i) out.row(i) += centers.row(i % groups);
  return out;
}

}  // namespace latentgrid::testing
