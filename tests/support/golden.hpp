#pragma once

#include <fstream>
#include <string>

#include "base/json.hpp"
#include "base/matrix.hpp"

namespace latentgrid::testing {

// Part of the answers that tests/golden/make_sklearn_answers.py has written.
inline Json sklearn_answer(const std::string& part) {
  std::ifstream file(LATENTGRID_SOURCE_DIR "/tests/golden/sklearn_answers.json");
  return Json::parse(file).at(part);
}

// A list of rows; of a list of numbers, one column.
template <typename Matrix = MatrixRf>
Matrix matrix_of(const Json& rows) {
  const bool flat = !rows.at(0).is_array();
  Matrix out(rows.size(), flat ? 1 : rows.at(0).size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (Eigen::Index j = 0; j < out.cols(); ++j) out(i, j) = flat ? rows[i] : rows[i][j];
  }
  return out;
}

inline ConstMatrixRef ref(const MatrixRf& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols()};
}

}  // namespace latentgrid::testing
