#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/holder.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// A name that no other run has had: host, process and time.
std::string new_run_name();

// Keeps a run's folder below tmp/ from being taken for what a crash has left. Every process of the run holds it, by a shared
// lock on a file in it, which ends with the process; the last one to let go removes it. As locks may be of one machine, each
// process has a file there too, in which it gives signs of life (base/holder.hpp).
class HeldStaging {
 public:
  // Needs a run. `process`: for tests.
  explicit HeldStaging(const ArtifactStore& store, const ProcessIdentity& process = this_process());
  ~HeldStaging();
  HeldStaging(const HeldStaging&) = delete;
  HeldStaging& operator=(const HeldStaging&) = delete;

 private:
  FileSystem& files_;
  bool shared_;
  std::filesystem::path folder_;
  std::filesystem::path sign_;
  std::unique_ptr<SignsOfLife> signs_;
  int lock_ = -1;
};

// Whether some process holds a folder below tmp/, or may: true where that can't be found out at once, as of another machine's.
bool is_held(const std::filesystem::path& folder, FileSystem& files = real_file_system());

// Whether this is the file of a process that holds the folder, and nothing that was staged.
bool is_sign_of_holder(const std::filesystem::path& file);

// Removes what nobody holds. The results folder's lock must be held: a new run's folder may not be held yet.
void remove_abandoned_staging(const ArtifactStore& store);

// What other machines may hold: it is watched while this one works, so that nobody waits for it.
class StagingOfOthers {
 public:
  StagingOfOthers(const ArtifactStore& store, const Clock& clock);
  // Removes those whose holders gave no sign of life since, if that is long enough.
  void remove_silent();

 private:
  const ArtifactStore& store_;
  const Clock& clock_;
  double since_;
  std::map<std::filesystem::path, std::map<std::filesystem::path, std::int64_t>> beats_;  // of each folder, of each holder
};

}  // namespace latentgrid
