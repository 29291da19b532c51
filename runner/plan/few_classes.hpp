#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.hpp"
#include "data/dataset.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// No class or one says nothing about a clustering, and a map of one class has one colour. One is what is left of the labels -1
// and 1, and of a file that is ordered by class where a limit keeps its first images. Warns of that at the value to blame, and
// of a label that is -1 cast to an unsigned type. May throw what read_dataset_header() throws.
void warn_of_few_classes(const DatasetSource& source, const DatasetPositions& where, const DatasetHeader& header,
                         Diagnostics& diagnostics);

// The same of the images of the map `figure`.
void warn_of_one_colour(const std::string& figure, const DatasetSource& source, const DatasetPositions& where,
                        const DatasetHeader& header, Diagnostics& diagnostics);

}  // namespace latentgrid
