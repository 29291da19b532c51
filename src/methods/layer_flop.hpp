#pragma once

#include "base/json.hpp"

namespace latentgrid {

// Of the map between two layers; what is no map has any.
struct MapSize {
  double height = 1, width = 1;
};

// Floating-point operations of a forward pass of one image through layers with their sizes (model/architecture.hpp), of
// convolutions and linear layers alone. `size` goes from that of the input to that of the output. About: a convolution's
// padding counts as keeping the size.
double forward_flop(const Json& layers, MapSize& size);

}  // namespace latentgrid
