#pragma once

#include <cstdint>
#include <stdexcept>
#include <variant>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// Numbers with their shape and type, as a .npy file keeps them; row-major.
struct Array {
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>, std::vector<std::int64_t>>;

  std::vector<std::int64_t> shape;
  Values values;

  static Array of(const MatrixRf& matrix) {
    return {{matrix.rows(), matrix.cols()}, std::vector<float>(matrix.data(), matrix.data() + matrix.size())};
  }
  static Array of(const Eigen::VectorXf& vector) {
    return {{vector.size()}, std::vector<float>(vector.data(), vector.data() + vector.size())};
  }

  // Of two dimensions; throws std::bad_variant_access unless it holds float32.
  ConstMatrixRef matrix() const {
    if (shape.size() != 2) throw std::invalid_argument("an array that is no matrix");
    return {std::get<std::vector<float>>(values).data(), shape[0], shape[1]};
  }
};

}  // namespace latentgrid
