#pragma once

#include <compare>
#include <string>

namespace latentgrid {

// What a worker does for a coordinator that is gone: the one that follows had better give it the same.
struct WorkInHand {
  std::string stage, key;
  auto operator<=>(const WorkInHand&) const = default;
};

}  // namespace latentgrid
