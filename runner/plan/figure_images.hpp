#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Which images of a sweep a figure shows, as positions among the selected ones. A figure names images by their number over all
// files; one that is not there, or not selected, is an error at the figure's `images_where`, and nothing is returned.

// Ascending; unless the figure names some, the first of each class, or where no image has a label the first few.
std::vector<std::int64_t> shown_images(const Sweep& sweep, const FigureRequest& figure, Diagnostics& diagnostics);

// From one image to another; unless the figure names some, between the first ones of different classes, or where no image has a
// label between images that are half of them apart.
std::vector<std::array<std::int64_t, 2>> shown_pairs(const Sweep& sweep, const FigureRequest& figure, Diagnostics& diagnostics);

}  // namespace latentgrid
