#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "data/array_advice.hpp"
#include "data/input_stream.hpp"

namespace latentgrid {

// The IDX format of MNIST (Y. LeCun): two zero bytes, a type, the number of dimensions, big-endian sizes, big-endian
// values. Plain or gzip-compressed; read forward only, so that a header costs no more than its bytes.
class IdxFile {
 public:
  enum class Type : std::uint8_t { uint8 = 0x08, int8 = 0x09, int16 = 0x0B, int32 = 0x0C, float32 = 0x0D, float64 = 0x0E };

  // Reads the header; throws Error, also where the file holds more or less than its header promises.
  explicit IdxFile(const std::filesystem::path& path);

  Type type() const { return type_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::size_t item_bytes() const;
  const char* type_name() const;  // "int16", as numpy calls it
  ArrayFile in_python() const;

  void read(std::span<std::uint8_t> bytes) { stream_.read(bytes); }  // the next bytes; throws Error if the file ends before
  void skip(std::int64_t bytes) { stream_.skip(bytes); }
  void check_end();  // after the last value; throws Error if the file goes on, which only reading shows for some compressed ones

 private:
  void check_promise() const;
  [[noreturn]] void refuse_surplus(std::int64_t bytes) const;  // 0: a number that is not known

  InputStream stream_;
  Type type_ = Type::uint8;
  std::vector<std::int64_t> shape_;
};

// Whether these are the first bytes of an IDX file.
bool starts_as_idx(std::span<const std::uint8_t> bytes);

}  // namespace latentgrid
