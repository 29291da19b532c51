#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostic.hpp"
#include "plan/grid_cells.hpp"

namespace latentgrid {

// Whether a t-SNE of a grid can be computed of so many images: what its parameters are to each other and to the images.
// `cell` names a cell that has it.
bool check_tsne(const FixedMethod& method, const Json& params, std::int64_t images, const std::string& cell, Diagnostics& diagnostics);

}  // namespace latentgrid
