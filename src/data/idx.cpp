#include "data/idx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.hpp"
#include "data/input_error.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t magic_bytes = 4;

std::int64_t big_endian(std::span<const std::uint8_t, 4> bytes) {
  return std::int64_t{bytes[0]} << 24 | std::int64_t{bytes[1]} << 16 | std::int64_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

bool starts_as_idx(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= magic_bytes && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 && bytes[2] <= 0x0E &&
         bytes[2] != 0x0A && bytes[3] != 0;
}

IdxFile::IdxFile(const std::filesystem::path& path) : stream_(path) {
  std::array<std::uint8_t, magic_bytes> magic;
  stream_.read(magic);
  if (!starts_as_idx(magic)) {
    throw Error(fmt::format("{} is not an IDX file: it starts with the bytes {:02x}", path.string(),
                            fmt::join(magic, " ")));
  }
  type_ = static_cast<Type>(magic[2]);
  for (int i = 0; i < magic[3]; ++i) {
    std::array<std::uint8_t, 4> size;
    stream_.read(size);
    shape_.push_back(big_endian(size));
  }
  check_promise();
}

void IdxFile::check_promise() const {
  std::int64_t bytes = static_cast<std::int64_t>(item_bytes());
  bool possible = true;
  for (std::int64_t n : shape_) possible = possible && !__builtin_mul_overflow(bytes, n, &bytes);
  possible = possible && !__builtin_add_overflow(bytes, magic_bytes * (1 + shape_.size()), &bytes);
  const std::strong_ordering size = possible ? stream_.size_against(bytes) : std::strong_ordering::less;
  if (size == 0) return;
  if (size > 0) refuse_surplus(stream_.compressed() ? 0 : stream_.file_size() - bytes);
  throw InputError(
      fmt::format("{} is cut off, or its header is damaged: the header promises {} values, and the file has fewer",
                  stream_.path().string(), fmt::join(shape_, "×")),
      get_it_again);
}

void IdxFile::refuse_surplus(std::int64_t bytes) const {
  const std::string surplus = bytes == 0 ? "more bytes" : fmt::format("{} byte{} more", bytes, bytes == 1 ? "" : "s");
  const std::string value = item_bytes() == 1 ? "1 byte" : fmt::format("{} bytes", item_bytes());
  throw InputError(fmt::format("{} holds {} than its header promises, which are {} values of {}",
                               stream_.path().string(), surplus, fmt::join(shape_, "×"), value),
                   get_it_again);
}

void IdxFile::check_end() {
  std::array<std::uint8_t, 1> byte;
  if (stream_.read_some(byte) > 0) refuse_surplus(0);
}

const char* IdxFile::type_name() const {
  switch (type_) {
    case Type::uint8: return "uint8";
    case Type::int8: return "int8";
    case Type::int16: return "int16";
    case Type::int32: return "int32";
    case Type::float32: return "float32";
    case Type::float64: return "float64";
  }
  return "";
}

ArrayFile IdxFile::in_python() const {
  const char* open = stream_.compressed() ? "gzip.open({in})" : "open({in}, 'rb')";
  std::string load = fmt::format("np.frombuffer({}.read(), np.dtype('{}').newbyteorder('>'), offset={})", open,
                                 type_name(), magic_bytes * (1 + shape_.size()));
  if (shape_.size() > 1) load += fmt::format(".reshape({})", fmt::join(shape_, ", "));
  return {stream_.path(), load, stream_.compressed() ? "import gzip; " : ""};
}

std::size_t IdxFile::item_bytes() const {
  switch (type_) {
    case Type::uint8:
    case Type::int8: return 1;
    case Type::int16: return 2;
    case Type::int32:
    case Type::float32: return 4;
    case Type::float64: return 8;
  }
  return 1;  // no other type passes starts_as_idx()
}

}  // namespace latentgrid
