#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/matrix.hpp"
#include "support/golden.hpp"

namespace latentgrid::testing {

inline Json cluster_reference(const std::string& file_name) {
  std::ifstream file(LATENTGRID_SOURCE_DIR "/tests/unit/cluster/" + file_name);
  return Json::parse(file);
}

// As in reference_points.py: bell-shaped groups, and evenly spread points in between; every number is exact in float32.
inline MatrixRf formula_points(std::int64_t rows, std::int64_t width, std::int64_t groups) {
  std::int64_t state = 1;
  const auto draw = [&] {
    state = state * 16807 % 2147483647;
    return static_cast<double>(state / 32768) / 65536;
  };
  MatrixRf out(rows, width);
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t group = i % (groups + 1);
    for (std::int64_t j = 0; j < width; ++j) {
      double value = draw();
      if (group == groups) value *= 64;
      else value = static_cast<double>((group * 29 + j * 13 + group * group * 7) % 48 + 8) + (value + draw() + draw() + draw() - 2) * 3;
      out(i, j) = static_cast<float>(value);
    }
  }
  return out;
}

// all_points() of reference_points.py.
inline std::map<std::string, MatrixRf> reference_points() {
  std::map<std::string, MatrixRf> out;
  const Json real = cluster_reference("reference_points.json");
  for (const auto& [name, rows] : real.items()) out[name] = matrix_of(rows);
  out["formula"] = formula_points(600, 4, 5);
  out["plane"] = formula_points(600, 2, 6);
  out["wide"] = formula_points(12, 40, 3);
  out["equal"] = MatrixRf::Ones(30, 3);
  out["three_places"].resize(40, 2);
  out["line"].resize(40, 2);
  for (Eigen::Index i = 0; i < 40; ++i) {
    const Eigen::Index place = i * 7 % 3;
    out["three_places"].row(i) << (place == 2 ? 5.0f : 0.0f), (place == 0 ? 0.0f : place == 1 ? 1.0f : 5.0f);
    out["line"].row(i) << static_cast<float>(i * i), 0.0f;
  }
  return out;
}

// One character a point, in the order of each cluster's first point: A, B, ...; a point for noise. Clusters must be numbered so.
inline std::string letters(const std::vector<std::int32_t>& clusters) {
  std::string out;
  std::int32_t next = 0;
  for (const std::int32_t cluster : clusters) {
    EXPECT_LE(cluster, next) << "clusters are numbered in the order of their first points";
    if (cluster == next) ++next;
    out += cluster < 0 ? '.' : static_cast<char>('A' + cluster);
  }
  return out;
}

}  // namespace latentgrid::testing
