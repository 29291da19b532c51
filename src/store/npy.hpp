#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"

namespace latentgrid {

// The file's header cannot be read, or a file of ours is cut off.
class MalformedNpy : public Error {
 public:
  using Error::Error;
};

// NumPy's .npy format, versions 1 to 3 (numpy.lib.format).
struct NpyHeader {
  // "|u1", "<i4", ">i8", "<f4", "|b1", ...: as numpy writes it on this machine, however the file spells it. What is no such
  // number stays as it is: "|O", "<U9", "[('x', '<f4')]".
  std::string dtype;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;

  std::int64_t size() const;        // number of elements
  std::size_t item_bytes() const;   // of one element; throws Error unless they are booleans, integers or floats of up to 8 bytes
  std::optional<std::size_t> data_bytes() const;  // of all elements; nothing if no file could hold them; throws as item_bytes()
};

// The header of a file of the user's, of `size` bytes that `read` gives, whatever its elements are. Throws MalformedNpy with the
// name and what is wrong.
using ReadAt = std::function<void(std::int64_t offset, std::span<std::byte> bytes)>;
NpyHeader read_npy_header(const std::filesystem::path& name, std::int64_t size, const ReadAt& read);

// A mapped .npy file of an artifact, which nobody writes to; no copy is made.
class NpyFile {
 public:
  explicit NpyFile(const std::filesystem::path& path);
  const NpyHeader& header() const { return header_; }
  std::span<const std::byte> bytes() const { return file_.bytes().subspan(header_.data_offset); }
  // Throws Error unless the file holds this dtype in C order.
  std::span<const float> floats() const;
  std::span<const std::uint8_t> uint8s() const;
  std::span<const std::int32_t> int32s() const;
  std::span<const std::int64_t> int64s() const;

 private:
  template <typename T>
  std::span<const T> typed(const char* dtype) const;
  std::filesystem::path path_;
  MappedFile file_;
  NpyHeader header_;
};

// What comes before the data of a file in C order. `descr`: a Python literal, "'<f4'" or "[('label', '<i8')]".
std::string npy_head(const std::string& descr, const std::vector<std::int64_t>& shape);

// Writes C order. The bytes depend on nothing but dtype, shape and data. For files of a staging folder: publishing syncs
// them all at once, so nothing is synced here.
void write_npy(const std::filesystem::path& path, std::span<const float> data, std::vector<std::int64_t> shape);
void write_npy(const std::filesystem::path& path, std::span<const double> data, std::vector<std::int64_t> shape);
void write_npy(const std::filesystem::path& path, std::span<const std::uint8_t> data, std::vector<std::int64_t> shape);
void write_npy(const std::filesystem::path& path, std::span<const std::int32_t> data, std::vector<std::int64_t> shape);
void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> data, std::vector<std::int64_t> shape);

}  // namespace latentgrid
