#pragma once

#include <vector>

namespace latentgrid {

// Which images of a map are so far from the others that these would shrink to a dot: beyond five times the distance from
// the median (of the larger coordinate) within which 99 of 100 lie. `coordinates`: n×2. None of fewer than 100.
std::vector<bool> map_outliers(const std::vector<float>& coordinates);

}  // namespace latentgrid
