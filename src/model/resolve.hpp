#pragma once

#include <vector>

#include "model/architecture.hpp"

namespace latentgrid {

// Runs a shape through `layers`: their sizes become numbers, and a residual whose layers change the shape gets the
// projection of ResNet, a 1×1 convolution without bias and a batch norm (of vectors linear without bias and batch_norm1d),
// unless it has one of its own. The convolution keeps every s-th line and column, with the smallest s that leaves as many as
// the layers return. Errors go to `diagnostics`, at `used_at` for layers without a position; false then.
bool resolve_layers(std::vector<Layer>& layers, const TensorShape& image, TensorShape& shape, const SourcePosition& used_at,
                    Diagnostics& diagnostics);

}  // namespace latentgrid
