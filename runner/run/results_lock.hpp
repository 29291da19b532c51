#pragma once

#include <filesystem>

namespace latentgrid {

// One `run` at a time in a results folder. Held by the open descriptor (flock), so it never outlives its process.
class ResultsLock {
 public:
  explicit ResultsLock(const std::filesystem::path& file);  // throws Error naming who holds it
  ~ResultsLock();
  ResultsLock(const ResultsLock&) = delete;
  ResultsLock& operator=(const ResultsLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace latentgrid
