#pragma once

#include <cstdint>
#include <optional>

#include "data/image_labels.hpp"
#include "db/queries.hpp"

namespace latentgrid {

// How many images a competition scores publicly and privately.
struct CompetitionSplit {
  std::int64_t public_images = 0, private_images = 0;
};

// Known where the sweep lists the public images, not where it draws a split of its own.
std::optional<CompetitionSplit> competition_split(const SweepRevision& revision, const ImageLabels& images);

}  // namespace latentgrid
