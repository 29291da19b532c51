#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "data/read_progress.hpp"

namespace latentgrid {

// Remembers what was computed from files, by their path, size, modification and change times and inode, and by `what` was
// computed; of a folder of pictures by these of every picture in it. Of a file that was written within two seconds nothing is
// remembered: it may be written again without a trace, as file systems count time in steps; on a file system of several machines, whose
// clocks differ, within a minute. Not thread-safe.
class DigestCache {
 public:
  using UnixTime = std::function<double()>;  // seconds since 1970

  DigestCache() = default;  // forgets at the end
  // Starts from the file if it can be read; never writes by itself.
  explicit DigestCache(const std::filesystem::path& file, UnixTime now = nullptr);
  // What is remembered, or else what `compute` gives; that is remembered unless a file is young or was written meanwhile.
  std::string get(const std::vector<std::filesystem::path>& files, const std::string& what,
                  const std::function<std::string()>& compute);
  void save(const std::filesystem::path& file) const;  // makes the folder

  // Who is told how far images have been read where a digest had to be computed.
  void report_to(ReadProgress progress) { progress_ = std::move(progress); }
  const ReadProgress& progress() const { return progress_; }

 private:
  Json entries_ = Json::object();
  UnixTime now_;  // the system's if null
  ReadProgress progress_;
};

}  // namespace latentgrid
