#pragma once

#include "base/diagnostic.hpp"
#include "data/dataset.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Warns of image files whose first images hold only the values 0 and 1: floats from 0 to 1 that were cast to uint8, or
// black and white. They would be scaled to [-1, -0.992]. Reads a few MiB of each; may throw what read_dataset_header()
// throws.
void warn_of_dark_images(const DatasetSource& source, const DatasetPositions& where, Diagnostics& diagnostics);

}  // namespace latentgrid
