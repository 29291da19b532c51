#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/holder_file.hpp"

namespace latentgrid {

// One `run` at a time in a results folder, whichever machine it is on. Held by the open descriptor (flock), so it never outlives
// its process; as that may do nothing, fail or be of one machine on what several machines share, by FILE.holder too
// (base/holder_file.hpp). On a local file system nobody waits for anything.
class ResultsLock {
 public:
  // `terms`: whose run it is, and for tests. Throws Error naming who holds it. A process that finds that another one has taken
  // it for dead, and goes on in its place, ends at once.
  explicit ResultsLock(const std::filesystem::path& file, HolderTerms terms = {});
  ~ResultsLock();
  ResultsLock(const ResultsLock&) = delete;
  ResultsLock& operator=(const ResultsLock&) = delete;

 private:
  void hold(const std::filesystem::path& file, HolderTerms terms);

  int fd_ = -1;
  std::optional<HolderFile> holder_;
};

}  // namespace latentgrid
