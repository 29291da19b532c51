#pragma once

#include <filesystem>
#include <string>

#include "store/artifact_store.hpp"

namespace latentgrid::worker {

// Puts a finished staging folder in the place of partial/<key>: whoever looks sees the old one or the new one, whole.
void replace_partial(const ArtifactStore& store, const std::string& key, const std::filesystem::path& staged);

void remove_partial(const ArtifactStore& store, const std::string& key);

}  // namespace latentgrid::worker
