#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace latentgrid {

// What the file system says of a file. Whoever writes, replaces, copies onto or touches it changes at least `changed_ns`,
// which no program can set.
struct FileStamp {
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;  // since 1970
  std::int64_t changed_ns = 0;   // st_ctim
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
};

std::optional<FileStamp> file_stamp(const std::filesystem::path& path);  // nothing if there is no such file

// A file of the user's, which somebody may rewrite or cut off at any moment. It is not mapped, because reading a mapped page
// that is gone ends the program.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);  // throws Error unless it is a regular file that can be read
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }
  std::int64_t size() const { return stamp_.size; }

  // Fills `bytes` from `offset` on. Throws Error if the file ends before, or if it was written since it was opened: all bytes
  // that were read are of one version.
  void read(std::int64_t offset, std::span<std::byte> bytes) const;

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  FileStamp stamp_;
};

}  // namespace latentgrid
