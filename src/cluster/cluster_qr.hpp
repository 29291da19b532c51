#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace latentgrid {

// The cluster of every row of `vectors` (points × clusters): the column of largest magnitude after a rotation towards the rows
// that a QR decomposition with column pivoting chooses (Damle, Minden and Ying 2019), as scikit-learn 1.2's cluster_qr. In
// float64, without random numbers. Throws Error for fewer rows than columns. Thread-safe.
std::vector<std::int32_t> cluster_qr(const Eigen::MatrixXd& vectors);

}  // namespace latentgrid
