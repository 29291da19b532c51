#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace latentgrid {

struct Discretization {
  std::vector<std::int32_t> clusters;  // of every row, 0 .. columns-1
  std::int64_t iterations = 0;
};

// The partition nearest to `vectors` (points × clusters) up to a rotation (Yu and Shi 2003), as scikit-learn 1.2's discretize:
// rows are scaled to length 1, and partition and rotation are found in turns. The first rotation begins with row `first`, the
// only choice at random. In float64. Throws Error unless `first` is a row. Thread-safe.
Discretization discretize(Eigen::MatrixXd vectors, std::int64_t first);

}  // namespace latentgrid
