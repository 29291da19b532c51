#pragma once

#include <cstdint>
#include <functional>

namespace latentgrid {

// Called once in a while with what is done of all there is, by the calling thread; may throw to interrupt.
using TreeProgress = std::function<void(std::int64_t done, std::int64_t total)>;

}  // namespace latentgrid
