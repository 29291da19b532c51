#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "base/file_system.hpp"

namespace latentgrid {

// True for `-`, which stands for standard output wherever a file is named.
bool is_stdout(const std::filesystem::path& path);

// What a user told a program to write, `--out FILE`:
//   - `-` and /dev/stdout are standard output, after what was printed before;
//   - a regular file, or none yet, is an AtomicFile: whole or not at all. Missing folders are made, and an old file keeps its
//     permissions;
//   - of a symbolic link the target is written, and the link stays;
//   - a device, pipe or FIFO is written through, never replaced.
// Throws Error that names the file, the folder where that is at fault, and the reason.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void commit();

 private:
  std::filesystem::path shown_;  // in messages
  std::optional<AtomicFile> replaced_;
  int through_ = -1;
};

// And those above it. Throws Error that names the folder and the reason.
void make_output_folder(const std::filesystem::path& folder);

void write_output(const std::filesystem::path& path, std::string_view text);

}  // namespace latentgrid
