#include "data/idx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace latentgrid {

namespace {

gzFile handle(void* file) { return static_cast<gzFile>(file); }

std::int64_t big_endian(std::span<const std::uint8_t, 4> bytes) {
  return std::int64_t{bytes[0]} << 24 | std::int64_t{bytes[1]} << 16 | std::int64_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

void IdxFile::Closer::operator()(void* file) const { gzclose(handle(file)); }

IdxFile::IdxFile(const std::filesystem::path& path) : path_(path), file_(gzopen(path.c_str(), "rbe")) {
  if (!file_) throw Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  std::array<std::uint8_t, 4> magic;
  read(magic);
  if (magic[0] != 0 || magic[1] != 0 || magic[3] == 0) {
    throw Error(fmt::format("{} is not an IDX file: it starts with the bytes {:02x}", path.string(), fmt::join(magic, " ")));
  }
  type_ = static_cast<Type>(magic[2]);
  item_bytes();
  for (int i = 0; i < magic[3]; ++i) {
    std::array<std::uint8_t, 4> size;
    read(size);
    shape_.push_back(big_endian(size));
  }
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
  throw Error(fmt::format("{}: an IDX file has no type {:#04x}", path_.string(), static_cast<int>(type_)));
}

void IdxFile::read(std::span<std::uint8_t> bytes) {
  constexpr std::size_t most = 1 << 30;  // gzread takes an unsigned and returns an int
  while (!bytes.empty()) {
    int n = gzread(handle(file_.get()), bytes.data(), static_cast<unsigned>(std::min(bytes.size(), most)));
    if (n <= 0) {
      int code = Z_OK;
      const char* text = gzerror(handle(file_.get()), &code);
      throw Error(fmt::format("{} is truncated or damaged: {}", path_.string(),
                              code == Z_OK ? "it ends before its header says it should" : text));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void IdxFile::skip(std::int64_t bytes) {
  std::array<std::uint8_t, 1 << 14> scratch;
  while (bytes > 0) {
    auto n = std::min<std::int64_t>(bytes, scratch.size());
    read(std::span(scratch).first(static_cast<std::size_t>(n)));
    bytes -= n;
  }
}

bool file_is_idx(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  int a = file.get(), b = file.get();
  return (a == 0 && b == 0) || (a == 0x1f && b == 0x8b);
}

}  // namespace latentgrid
