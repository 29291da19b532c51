#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/artifact_store.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

// A rolling checkpoint is partial/<key>. It is written again and again, so it isn't synced to the disk: a killed worker
// loses nothing by that, and after a power failure the seal shows whether all of it had arrived.

// Seals a finished staging folder, with what the work took so far, and puts it in the place of partial/<key>: whoever looks
// sees the old one or the new one.
void replace_partial(const ArtifactStore& store, const std::string& key, const std::filesystem::path& staged,
                     const Usage& usage);

// partial/<key> if it is there and whole. A damaged one is removed, and the log says so.
std::optional<std::filesystem::path> find_partial(const ArtifactStore& store, const std::string& key);

// What the work of a whole rolling checkpoint took.
Usage usage_of_partial(const std::filesystem::path& partial);

void remove_partial(const ArtifactStore& store, const std::string& key);

}  // namespace latentgrid::worker
