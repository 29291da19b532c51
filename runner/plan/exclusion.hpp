#pragma once

#include <functional>

#include "plan/gpus.hpp"
#include "plan/grid_cells.hpp"

namespace latentgrid {

// Whether the cell agrees with all of the exclusion's axes. `settings` gives the cell's completed parameters of
// training as they are written, null if they could not be read, and is asked only where an axis is about them; what isn't
// known may agree. A device agrees as written (`auto`, `cuda:1`) and as what it comes to with so many GPUs.
bool agrees(const GridCell& cell, const Exclusion& exclusion, const Gpus& gpus, const std::function<const Json*()>& settings);

}  // namespace latentgrid
