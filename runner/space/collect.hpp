#pragma once

#include <string>

#include "space/garbage.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// Removes it. The results folder's lock must be held. An artifact is there whole or not at all, whenever this ends.
void collect(const Garbage& garbage, const ArtifactStore& store);

// Changes whenever something was collected: what was seen to be published before may be gone.
std::string collections(const ArtifactStore& store);

}  // namespace latentgrid
