#pragma once

#include <cstdint>
#include <functional>

namespace latentgrid {

// Told how many images have been read, and of how many.
using ReadProgress = std::function<void(std::int64_t done, std::int64_t total)>;

}  // namespace latentgrid
