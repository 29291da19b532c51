#pragma once

#include <optional>
#include <string>

#include "model/architecture.hpp"

namespace latentgrid {

// What is wrong with the layer for this input, and how to mend it.
struct ShapeProblem {
  std::string message;
  std::string hint;
};

// The output of a layer whose sizes are resolved, as PyTorch computes it: floor((n + 2p - d(k-1) - 1)/s + 1) for
// convolution and pooling, (n-1)s - 2p + d(k-1) + output_padding + 1 for the transposed one.
std::optional<ShapeProblem> infer_shape(const Layer& layer, const TensorShape& input, TensorShape& output);

}  // namespace latentgrid
