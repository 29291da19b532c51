#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "store/artifact_store.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

// A rolling checkpoint is partial/<key>. It is written again and again, so it isn't synced to the disk: a killed worker
// loses nothing by that, and after a power failure the seal shows whether all of it had arrived.

// Seals a finished staging folder, with what the work took so far, and puts it in the place of partial/<key>: whoever looks
// sees the old one or the new one.
void replace_partial(const ArtifactStore& store, const std::string& key, const std::filesystem::path& staged,
                     const Usage& usage);

// A copy of a rolling checkpoint, in the worker's own staging. It is gone with the object.
class PartialCopy {
 public:
  explicit PartialCopy(std::filesystem::path folder) : folder_(std::move(folder)) {}
  PartialCopy(PartialCopy&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  PartialCopy& operator=(PartialCopy&&) = delete;
  ~PartialCopy();

  const std::filesystem::path& folder() const { return folder_; }
  Usage usage() const;  // what the work took until then

 private:
  std::filesystem::path folder_;
};

// Of partial/<key>, if it is there and whole. A damaged one is removed, and the log says so. A worker that was thought lost may
// write to the same place, or remove it, at any time: what is read is a copy whose seal was checked.
std::optional<PartialCopy> find_partial(const ArtifactStore& store, const std::string& key);

void remove_partial(const ArtifactStore& store, const std::string& key);

}  // namespace latentgrid::worker
