#pragma once

#include <Eigen/Core>

namespace latentgrid {

// One sample a row, float32, contiguous.
using MatrixRf = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMatrixRef = Eigen::Map<const MatrixRf>;

}  // namespace latentgrid
