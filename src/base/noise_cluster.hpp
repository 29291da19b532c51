#pragma once

#include <cstdint>

namespace latentgrid {

constexpr std::int32_t noise_cluster = -1;  // the cluster of points that are in none

}  // namespace latentgrid
