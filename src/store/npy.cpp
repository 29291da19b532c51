#include "store/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace latentgrid {

namespace fs = std::filesystem;
static_assert(std::endian::native == std::endian::little, "arrays are read and written in the machine's byte order");

namespace {

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr std::size_t alignment = 64;  // numpy.lib.format pads the header so that the data can be mapped aligned
constexpr std::size_t longest_header = 1 << 20;

[[noreturn]] void malformed(const fs::path& path, std::string_view what) {
  throw MalformedNpy(fmt::format("{} is not an .npy file that can be read: {}", path.string(), what));
}

// np.dtype(text).str of a number; any other text as it is.
std::string canonical_dtype(std::string text) {
  static const std::pair<std::string_view, std::string_view> names[] = {
      {"bool", "b1"},   {"?", "b1"},     {"int8", "i1"},   {"b", "i1"},      {"uint8", "u1"}, {"B", "u1"},
      {"int16", "i2"},  {"h", "i2"},     {"uint16", "u2"}, {"H", "u2"},      {"int32", "i4"}, {"i", "i4"},
      {"uint32", "u4"}, {"I", "u4"},     {"int64", "i8"},  {"l", "i8"},      {"q", "i8"},     {"uint64", "u8"},
      {"L", "u8"},      {"Q", "u8"},     {"float16", "f2"}, {"e", "f2"},     {"half", "f2"},  {"float32", "f4"},
      {"f", "f4"},      {"single", "f4"}, {"float64", "f8"}, {"d", "f8"},    {"float", "f8"}, {"double", "f8"},
      {"int", "i8"}};
  char order = '=';
  if (!text.empty() && std::string_view("<>=|").find(text[0]) != std::string_view::npos) {
    order = text[0];
    text.erase(0, 1);
  }
  for (const auto& [name, code] : names) {
    if (text == name) text = code;
  }
  const bool number = text.size() == 2 && std::string_view("biuf").find(text[0]) != std::string_view::npos &&
                      std::string_view("1248").find(text[1]) != std::string_view::npos;
  if (!number) return order == '=' ? text : order + text;
  if (text[1] == '1') return '|' + text;
  return (order == '>' ? '>' : '<') + text;
}

// The header is a Python dict literal with exactly these three keys, in any order and spacing:
// {'descr': '<f4', 'fortran_order': False, 'shape': (8500, 32), }
class HeaderReader {
 public:
  HeaderReader(const fs::path& path, std::string_view text) : path_(path), text_(text) {}

  NpyHeader read() {
    NpyHeader header;
    bool seen[3] = {};
    expect('{');
    while (!accept('}')) {
      std::string name = quoted();
      expect(':');
      if (name == "descr") {
        header.dtype = dtype();
        seen[0] = true;
      } else if (name == "fortran_order") {
        header.fortran_order = boolean();
        seen[1] = true;
      } else if (name == "shape") {
        header.shape = tuple();
        seen[2] = true;
      } else {
        malformed(path_, fmt::format("unknown header field '{}'", name));
      }
      accept(',');
    }
    if (!seen[0] || !seen[1] || !seen[2]) malformed(path_, "its header lacks descr, fortran_order or shape");
    check_end();
    return header;
  }

 private:
  // Spaces fill the header up, and a line feed ends it. Where line ends were translated, every 0x0A of the data was too.
  void check_end() {
    if (text_.find('\r') != std::string_view::npos) {
      malformed(path_, "its header ends in a carriage return, so it was copied, sent or written as text, which changes its data");
    }
    skip_space();
    if (!text_.empty()) malformed(path_, "its header does not end where its length says");
  }
  void skip_space() {
    while (!text_.empty() && std::string_view(" \t\r\n").find(text_[0]) != std::string_view::npos) text_.remove_prefix(1);
  }
  bool accept(char c) {
    skip_space();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) malformed(path_, fmt::format("its header lacks a '{}'", c));
  }
  std::string until(char last) {
    const std::size_t end = text_.find(last);
    if (end == std::string_view::npos) malformed(path_, "its header ends in the middle of a value");
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return value;
  }
  std::string quoted() {
    if (!accept('u')) accept('b');  // Python 2 wrote u'...', and b'...' is bytes
    return accept('"') ? until('"') : (expect('\''), until('\''));
  }
  std::string dtype() {
    if (!accept('[')) return canonical_dtype(quoted());
    std::string fields = "[";  // of a record
    for (int depth = 1; depth > 0;) {
      fields += until(']') + "]";
      depth = static_cast<int>(std::count(fields.begin(), fields.end(), '[') - std::count(fields.begin(), fields.end(), ']'));
    }
    return fields;
  }
  bool boolean() {
    skip_space();
    for (auto [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
      if (text_.starts_with(word)) {
        text_.remove_prefix(std::strlen(word));
        return value;
      }
    }
    malformed(path_, "fortran_order is neither True nor False");
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> values;
    expect('(');
    while (!accept(')')) {
      skip_space();
      std::int64_t value = 0;
      auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc() || value < 0) malformed(path_, "its shape is not a tuple of sizes");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      values.push_back(value);
      if (!text_.empty() && text_[0] == 'L') text_.remove_prefix(1);  // Python 2's long
      accept(',');
    }
    return values;
  }

  const fs::path& path_;
  std::string_view text_;
};

struct HeaderPlace {
  std::size_t start, length;
};

HeaderPlace header_place(const fs::path& path, std::string_view file_start) {
  if (file_start.size() < 10 || file_start.substr(0, 6) != magic) malformed(path, "it doesn't start with \\x93NUMPY");
  const int major = static_cast<unsigned char>(file_start[6]);
  if (major < 1 || major > 3) malformed(path, fmt::format("format version {} is unknown", major));
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  if (file_start.size() < 8 + length_bytes) malformed(path, "it is cut off in its header");
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | static_cast<unsigned char>(file_start[8 + i]);
  return {8 + length_bytes, length};
}

NpyHeader parse_header(const fs::path& path, std::string_view text, const HeaderPlace& place) {
  NpyHeader header = HeaderReader(path, text).read();
  header.data_offset = place.start + place.length;
  return header;
}

void check_size(const fs::path& path, const NpyHeader& header, std::size_t file_size) {
  std::optional<std::size_t> expected;
  try {
    expected = header.data_bytes();
  } catch (const Error& error) {
    malformed(path, error.what());
  }
  if (!expected) malformed(path, "its shape is impossible");
  if (file_size - header.data_offset < *expected) {
    malformed(path, fmt::format("its header promises {} bytes of data (shape {}, {}), the file holds {}", *expected,
                                fmt::join(header.shape, "×"), header.dtype, file_size - header.data_offset));
  }
}

void write_array(const fs::path& path, const char* dtype, std::span<const std::byte> bytes,
                 const std::vector<std::int64_t>& shape) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << npy_head(fmt::format("'{}'", dtype), shape);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Error(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
}

template <typename T>
void checked_write(const fs::path& path, const char* dtype, std::span<const T> data, const std::vector<std::int64_t>& shape) {
  std::int64_t size = 1;
  for (std::int64_t n : shape) size *= n;
  if (size != static_cast<std::int64_t>(data.size())) {
    throw Error(fmt::format("{}: {} values don't fill the shape {}", path.string(), data.size(), fmt::join(shape, "×")));
  }
  write_array(path, dtype, std::as_bytes(data), shape);
}

}  // namespace

std::int64_t NpyHeader::size() const {
  std::int64_t n = 1;
  for (std::int64_t extent : shape) n *= extent;
  return n;
}

std::size_t NpyHeader::item_bytes() const {
  const bool known = dtype.size() == 3 && std::string_view("biuf").find(dtype[1]) != std::string_view::npos &&
                     std::string_view("1248").find(dtype[2]) != std::string_view::npos;
  if (!known) throw Error(fmt::format("dtype '{}' is not supported", dtype));
  return static_cast<std::size_t>(dtype[2] - '0');
}

std::optional<std::size_t> NpyHeader::data_bytes() const {
  std::size_t bytes = item_bytes();
  for (std::int64_t n : shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(n), &bytes)) return std::nullopt;
  }
  return bytes;
}

std::string npy_head(const std::string& descr, const std::vector<std::int64_t>& shape) {
  std::string dict = fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({}{}), }}", descr,
                                 fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  std::size_t unpadded = 10 + dict.size() + 1;
  dict.append((alignment - unpadded % alignment) % alignment, ' ');
  dict += '\n';
  std::string head(magic);
  head += {'\x01', '\x00', static_cast<char>(dict.size() & 255), static_cast<char>(dict.size() >> 8)};
  return head + dict;
}

NpyHeader read_npy_header(const fs::path& name, std::int64_t file_size, const ReadAt& read) {
  const auto size = static_cast<std::size_t>(file_size);
  std::string text(std::min<std::size_t>(size, 12), '\0');
  read(0, std::as_writable_bytes(std::span(text)));
  const HeaderPlace place = header_place(name, text);
  if (place.length > size - place.start) malformed(name, "it is cut off in its header");
  if (place.length > longest_header) malformed(name, fmt::format("its header of {} bytes is too long", place.length));
  text.resize(place.length);
  read(static_cast<std::int64_t>(place.start), std::as_writable_bytes(std::span(text)));
  return parse_header(name, text, place);
}

NpyFile::NpyFile(const fs::path& path) : path_(path), file_(path) {
  auto bytes = file_.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const HeaderPlace place = header_place(path, text);
  if (place.length > text.size() - place.start) malformed(path, "it is cut off in its header");
  header_ = parse_header(path, text.substr(place.start, place.length), place);
  check_size(path, header_, bytes.size());
}

template <typename T>
std::span<const T> NpyFile::typed(const char* dtype) const {
  if (header_.dtype != dtype || header_.fortran_order) {
    throw Error(fmt::format("{}: expected dtype {} in C order, found {}{}", path_.string(), dtype, header_.dtype,
                            header_.fortran_order ? " in Fortran order" : ""));
  }
  return {reinterpret_cast<const T*>(bytes().data()), static_cast<std::size_t>(header_.size())};
}

std::span<const float> NpyFile::floats() const { return typed<float>("<f4"); }
std::span<const std::uint8_t> NpyFile::uint8s() const { return typed<std::uint8_t>("|u1"); }
std::span<const std::int32_t> NpyFile::int32s() const { return typed<std::int32_t>("<i4"); }
std::span<const std::int64_t> NpyFile::int64s() const { return typed<std::int64_t>("<i8"); }

void write_npy(const fs::path& path, std::span<const float> data, std::vector<std::int64_t> shape) {
  checked_write(path, "<f4", data, shape);
}
void write_npy(const fs::path& path, std::span<const double> data, std::vector<std::int64_t> shape) {
  checked_write(path, "<f8", data, shape);
}
void write_npy(const fs::path& path, std::span<const std::uint8_t> data, std::vector<std::int64_t> shape) {
  checked_write(path, "|u1", data, shape);
}
void write_npy(const fs::path& path, std::span<const std::int32_t> data, std::vector<std::int64_t> shape) {
  checked_write(path, "<i4", data, shape);
}
void write_npy(const fs::path& path, std::span<const std::int64_t> data, std::vector<std::int64_t> shape) {
  checked_write(path, "<i8", data, shape);
}

}  // namespace latentgrid
