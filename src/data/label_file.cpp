#include "data/label_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "base/error.hpp"
#include "data/idx.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

std::int64_t list_length(const fs::path& path, const std::vector<std::int64_t>& shape) {
  if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) return shape[0];
  throw Error(fmt::format("{}: expected a list of integers (shape N), not the shape {}", path.string(),
                          fmt::join(shape, "×")));
}

template <typename T>
std::vector<std::int64_t> widen(const std::byte* bytes, std::int64_t count) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
    values[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(value);
  }
  return values;
}

std::vector<std::int64_t> read_npy_integers(const fs::path& path) {
  NpyFile file(path);
  const std::string& dtype = file.header().dtype;
  std::int64_t count = list_length(path, file.header().shape);
  const std::byte* bytes = file.bytes().data();
  if (dtype == "|u1" || dtype == "|b1") return widen<std::uint8_t>(bytes, count);
  if (dtype == "|i1") return widen<std::int8_t>(bytes, count);
  if (dtype == "<u2") return widen<std::uint16_t>(bytes, count);
  if (dtype == "<i2") return widen<std::int16_t>(bytes, count);
  if (dtype == "<u4") return widen<std::uint32_t>(bytes, count);
  if (dtype == "<i4") return widen<std::int32_t>(bytes, count);
  if (dtype == "<u8" || dtype == "<i8") return widen<std::int64_t>(bytes, count);
  throw Error(fmt::format("{}: expected integers, not dtype '{}'", path.string(), dtype));
}

std::vector<std::int64_t> read_idx_integers(const fs::path& path) {
  IdxFile file(path);
  if (file.type() == IdxFile::Type::float32 || file.type() == IdxFile::Type::float64) {
    throw Error(fmt::format("{}: expected integers, not floating-point values", path.string()));
  }
  std::size_t item = file.item_bytes();
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(list_length(path, file.shape())) * item);
  file.read(bytes);
  std::vector<std::int64_t> values(bytes.size() / item);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint32_t value = 0;
    for (std::size_t b = 0; b < item; ++b) value = value << 8 | bytes[i * item + b];
    switch (file.type()) {
      case IdxFile::Type::int8: values[i] = static_cast<std::int8_t>(value); break;
      case IdxFile::Type::int16: values[i] = static_cast<std::int16_t>(value); break;
      case IdxFile::Type::int32: values[i] = static_cast<std::int32_t>(value); break;
      default: values[i] = value;
    }
  }
  return values;
}

}  // namespace

std::vector<std::int64_t> read_integers(const fs::path& path) {
  return file_is_idx(path) ? read_idx_integers(path) : read_npy_integers(path);
}

}  // namespace latentgrid
