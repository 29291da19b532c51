#pragma once

#include <sys/types.h>

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace latentgrid::db {

// A reader leaves the folder as it found it: SQLite would make a -wal and a -shm file of its own, which lock out their
// owner where others may not write them.
enum class ReadingMode {
  file_alone,  // no -wal: no run works, and the file holds everything
  with_log,    // a -wal without a -shm, as a copy of a folder may have it: nobody works, and the log is read too
  // A -shm that is opened like this cannot be written by a run in the same process.
  beside_a_writer  // both: a run works, or ended without closing; its -shm is used, and written by nobody who only
                   // reads
};
ReadingMode reading_mode(const std::filesystem::path& file);

// How SQLite is asked for that, by SQLITE_OPEN_URI.
std::string reading_uri(const std::filesystem::path& file, ReadingMode mode);
const char* reading_vfs(ReadingMode mode);

// The database's file. While it is read without locks, what changes it is noticed afterwards.
class DatabaseFile {
 public:
  explicit DatabaseFile(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  operator const std::filesystem::path&() const { return path_; }

  void expect_no_change(bool of_the_log);  // besides the file
  void check_unchanged() const;            // throws Error if it has changed since

 private:
  struct Stamp {
    ino_t inode = 0;
    off_t size = -1;
    std::time_t seconds = 0;
    long nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::filesystem::path& path);
  using Stamps = std::pair<Stamp, Stamp>;  // of the file and its log
  Stamps stamps() const;

  std::filesystem::path path_;
  bool reads_the_log_ = false;
  std::optional<Stamps> expected_;
};

// For a writer: SQLite gives a new file to its user alone where the umask would let others write.
void create_with_umask(const std::filesystem::path& file);
// Takes away an empty -wal and a -shm that may not be written here, as readers of earlier versions left them. Throws
// Error, with advice, where they are in use or hold something.
void remove_logs_of_others(const std::filesystem::path& file);

}  // namespace latentgrid::db
