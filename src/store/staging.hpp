#pragma once

#include <filesystem>
#include <string>

#include "store/artifact_store.hpp"

namespace latentgrid {

// A name that no other run has had: host, process and time.
std::string new_run_name();

// Keeps a run's folder below tmp/ from being taken for what a crash has left. Every process of the run holds it, by a shared
// lock on a file in it, which ends with the process; the last one to let go removes it.
class HeldStaging {
 public:
  explicit HeldStaging(const ArtifactStore& store);  // needs a run
  ~HeldStaging();
  HeldStaging(const HeldStaging&) = delete;
  HeldStaging& operator=(const HeldStaging&) = delete;

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
};

// Whether some process holds a folder below tmp/, or may: true where that can't be found out.
bool is_held(const std::filesystem::path& folder);

// Removes what nobody holds. The results folder's lock must be held: a new run's folder may not be held yet.
void remove_abandoned_staging(const ArtifactStore& store);

}  // namespace latentgrid
