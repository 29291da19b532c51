#include "report/charts/map_outliers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace latentgrid {

std::vector<bool> map_outliers(const std::vector<float>& coordinates) {
  const std::size_t count = coordinates.size() / 2;
  std::vector<bool> outside(count);
  if (count < 100) return outside;
  std::array<float, 2> middle{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(coordinates[2 * i + axis]);
    const auto median = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), median, values.end());
    middle[axis] = *median;
  }
  std::vector<float> distances;
  for (std::size_t i = 0; i < count; ++i) {
    distances.push_back(std::max(std::abs(coordinates[2 * i] - middle[0]), std::abs(coordinates[2 * i + 1] - middle[1])));
  }
  std::vector<float> sorted = distances;
  const auto most = sorted.begin() + static_cast<std::ptrdiff_t>(count - count / 100 - 1);
  std::nth_element(sorted.begin(), most, sorted.end());
  for (std::size_t i = 0; i < count; ++i) outside[i] = distances[i] > 5 * *most;
  return outside;
}

}  // namespace latentgrid
