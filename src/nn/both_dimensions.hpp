#pragma once

#include <torch/expanding_array.h>

#include <cstdint>

namespace latentgrid::nn {

// Of height and width.
inline bool are_both(const torch::ExpandingArray<2>& values, std::int64_t value) {
  return values->at(0) == value && values->at(1) == value;
}

}  // namespace latentgrid::nn
