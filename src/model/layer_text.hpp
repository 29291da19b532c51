#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid {

// A layer as Autoencoder::to_json() has it, written as in PyTorch: "conv2d(3, 8, 3×3, stride 2, padding 1)", "relu",
// "linear(512, 8)". Arguments with their default are left out. A layer of a type that is not known is shown with all that it has.
std::string layer_text(const Json& layer);

}  // namespace latentgrid
