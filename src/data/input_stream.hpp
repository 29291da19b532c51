#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/input_file.hpp"

namespace latentgrid {

// The remedy for a file that was damaged on its way. Text mode (of FTP, git, editors) changes the bytes of line ends.
constexpr const char* get_it_again = "copy or download the file again, in binary mode";

// A file of the user's read forward, decompressed where it is gzip's. Memory is taken for one block at a time. Throws Error
// if the file is damaged or changes.
class InputStream {
 public:
  explicit InputStream(const std::filesystem::path& path);
  ~InputStream();
  InputStream(InputStream&&) noexcept;
  InputStream& operator=(InputStream&&) noexcept;

  const std::filesystem::path& path() const { return file_.path(); }
  bool compressed() const { return inflater_ != nullptr; }

  std::size_t read_some(std::span<std::uint8_t> bytes);  // how many; 0 only at the end
  void read(std::span<std::uint8_t> bytes);              // all of them; throws Error if the file ends before
  void skip(std::int64_t bytes);

  // Whether there are fewer or more than `bytes`, counted from the start. A plain file's size tells; a compressed one is
  // decompressed, up to there, where neither its size nor the length at its end does. What a header promises may be believed
  // after that, but a compressed file said to be equal may still be of several parts, of which the last has that length.
  std::strong_ordering size_against(std::int64_t bytes) const;
  std::int64_t file_size() const { return file_.size(); }

 private:
  struct Inflater;

  std::size_t inflate_some(std::span<std::uint8_t> bytes);
  bool fill();  // false at the end of the file

  InputFile file_;
  std::int64_t offset_ = 0;  // of what fill() reads next
  std::vector<std::uint8_t> block_;
  std::span<const std::uint8_t> unread_;  // of the block
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace latentgrid
