#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/input_file.hpp"

namespace latentgrid {

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

  // Whether there are `bytes`, counted from the start. A plain file's size tells; a compressed one is decompressed where neither
  // its size nor the length at its end does. What is promised by a header may be believed after that.
  bool holds(std::int64_t bytes) const;

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
