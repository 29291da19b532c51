#pragma once

#include <functional>

#include "plan/grid_cells.hpp"

namespace latentgrid {

// Whether the cell agrees with all of the exclusion's axes. `settings` gives the cell's completed parameters of
// training, null if they could not be read, and is asked only where an axis is about them; what isn't known may agree.
bool agrees(const Cell& cell, const Exclusion& exclusion, const std::function<const Json*()>& settings);

}  // namespace latentgrid
