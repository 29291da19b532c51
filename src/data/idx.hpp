#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace latentgrid {

// The IDX format of MNIST (Y. LeCun): two zero bytes, a type, the number of dimensions, big-endian sizes, big-endian
// values. Plain or gzip-compressed; read forward only, so that a header costs no more than its bytes.
class IdxFile {
 public:
  enum class Type : std::uint8_t { uint8 = 0x08, int8 = 0x09, int16 = 0x0B, int32 = 0x0C, float32 = 0x0D, float64 = 0x0E };

  explicit IdxFile(const std::filesystem::path& path);  // reads the header; throws Error

  Type type() const { return type_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::size_t item_bytes() const;

  void read(std::span<std::uint8_t> bytes);  // the next bytes; throws Error if the file ends before
  void skip(std::int64_t bytes);

 private:
  struct Closer {
    void operator()(void* file) const;
  };
  std::filesystem::path path_;
  std::unique_ptr<void, Closer> file_;
  Type type_ = Type::uint8;
  std::vector<std::int64_t> shape_;
};

// True if the file starts as an IDX or a gzip file does. Throws Error if it can't be read.
bool file_is_idx(const std::filesystem::path& path);

}  // namespace latentgrid
