#pragma once

#include <cstdint>
#include <optional>

#include "data/dataset.hpp"

namespace latentgrid {

// How many images a competition scores publicly and privately.
struct CompetitionParts {
  std::int64_t public_images = 0, private_images = 0;
};

// Known where the sweep lists the public images, not where it draws a split of its own; nothing too where the list
// cannot be read.
std::optional<CompetitionParts> competition_parts(const DatasetSource& source);

}  // namespace latentgrid
