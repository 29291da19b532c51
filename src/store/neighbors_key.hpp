#pragma once

#include <string>

#include "store/artifact_store.hpp"

namespace latentgrid {

// The stage of a search for nearest neighbors: an artifact that t-SNE tasks on the same points share, whose extent is the
// number of neighbors. No task of a plan stands for it.
inline constexpr const char* neighbors_stage = "neighbors";
std::string neighbors_key(const std::string& points_stage, const ArtifactId& points);

}  // namespace latentgrid
