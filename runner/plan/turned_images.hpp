#pragma once

#include "base/diagnostic.hpp"
#include "data/dataset.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Warns of files of N×H×W that may be H×W×N, as MATLAB has gray images: as many images as they have rows, and wide
// ones.
void warn_of_turned_images(const DatasetSource& source, const DatasetPositions& where, Diagnostics& diagnostics);

}  // namespace latentgrid
