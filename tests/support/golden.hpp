#pragma once

#include <fstream>
#include <string>

#include "base/json.hpp"
#include "base/matrix.hpp"

namespace latentgrid::testing {

// Part of the answers that a script in tests/golden has written: make_sklearn_answers.py, make_scipy_answers.py.
inline Json golden_answer(const std::string& file_name, const std::string& part) {
  std::ifstream file(LATENTGRID_SOURCE_DIR "/tests/golden/" + file_name);
  return Json::parse(file).at(part);
}
inline Json sklearn_answer(const std::string& part) { return golden_answer("sklearn_answers.json", part); }
inline Json scipy_answer(const std::string& part) { return golden_answer("scipy_answers.json", part); }

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
