#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"

namespace latentgrid::protocol {

// Lines that one process appends to a file of a shared folder and another one, perhaps on another machine, reads as they come:
//   <number> <bytes of the text> <text>\n
// Numbers count from 1. A line that a failed write has torn is followed by the whole line again, under the same number, so a
// reader may meet torn lines and repeated ones; it takes every number once, in order. Not thread-safe.
class LineWriter {
 public:
  // Goes on after the last whole line of a file that exists. Throws Error where it can't be opened.
  explicit LineWriter(std::filesystem::path file, FileSystem& files = real_file_system());

  // `text` has no newline. It is written by the next flush(), which writes all that was added at once.
  void add(std::string_view text);
  // Whoever opens the file when this has returned true sees the lines, on whichever machine: the file is closed, which is when NFS
  // brings them to its server. That they survive a loss of power is not promised: a line that is not needed any more after that
  // need not wait for a disk. False if they could not be written: they are kept, and go first next time.
  bool flush();
  bool append(std::string_view text);  // both
  bool sync();                         // what was flushed is on the disk when this returns true
  bool has_kept() const { return !kept_.empty(); }

  std::int64_t last_number() const { return next_ - 1; }

 private:
  std::filesystem::path path_;
  FileSystem& files_;
  std::int64_t next_ = 1;
  bool torn_ = false;  // what is in the file may not end with a newline
  std::vector<std::string> kept_;
};

class LineReader {
 public:
  // The bytes of a file from an offset to its end; nothing where there is no file yet. It opens the file anew every time, as
  // NFS shows another machine's writes to those who open after them.
  using Source = std::function<std::string(const std::filesystem::path& file, std::uint64_t offset)>;

  explicit LineReader(std::filesystem::path file, Source source = bytes_from);

  // The lines that have come since the last call. Bytes that make no whole line yet are read again.
  std::vector<std::string> read();

  std::int64_t last_number() const { return next_ - 1; }
  // A later line is there and the next one is not, as where a file was changed by hand.
  bool has_gap() const { return has_gap_; }

  static std::string bytes_from(const std::filesystem::path& file, std::uint64_t offset);

 private:
  std::filesystem::path path_;
  Source source_;
  std::uint64_t offset_ = 0;  // behind the last line taken
  std::int64_t next_ = 1;
  bool has_gap_ = false;
};

}  // namespace latentgrid::protocol
