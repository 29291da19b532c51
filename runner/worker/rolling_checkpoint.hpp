#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/artifact_store.hpp"

namespace latentgrid::worker {

// A rolling checkpoint is partial/<key>. It is written after every epoch, so it isn't synced to the disk: a killed worker loses
// nothing by that, and after a power failure the seal shows whether all of it had arrived.

// Seals a finished staging folder and puts it in the place of partial/<key>: whoever looks sees the old one or the new one.
void replace_partial(const ArtifactStore& store, const std::string& key, const std::filesystem::path& staged);

// partial/<key> if it is there and whole. A damaged one is removed, and the log says so.
std::optional<std::filesystem::path> find_partial(const ArtifactStore& store, const std::string& key);

void remove_partial(const ArtifactStore& store, const std::string& key);

}  // namespace latentgrid::worker
