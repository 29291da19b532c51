#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/selection.hpp"

namespace latentgrid {

// image_identity() of a selection whose bytes have this SHA-256 (unused for synthetic images).
Json make_image_identity(const DatasetSource& source, const ImageShape& shape, const std::vector<std::int64_t>& selection,
                         const std::string& sha256);

}  // namespace latentgrid
