// The IDX format of MNIST (Y. LeCun): two zero bytes, a type, the number of dimensions, big-endian sizes, big-endian
// values. Plain or gzip-compressed; read forward only, so that a header costs no more than its bytes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/hinted_error.hpp"
#include "data/formats.hpp"
#include "data/input_stream.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t idx_magic_bytes = 4;

struct IdxType {
  std::uint8_t code;
  const char* dtype;
  const char* name;  // as numpy calls it
};
constexpr IdxType idx_types[] = {{0x08, "|u1", "uint8"}, {0x09, "|i1", "int8"},    {0x0B, ">i2", "int16"},
                                 {0x0C, ">i4", "int32"}, {0x0D, ">f4", "float32"}, {0x0E, ">f8", "float64"}};

bool is_idx(const FoundFile& found) {
  return found.content.kind == FileKind::idx || found.content.inside == FileKind::idx;
}

class IdxReader {
 public:
  explicit IdxReader(const std::filesystem::path& path) : stream_(path) {
    std::array<std::uint8_t, idx_magic_bytes> magic;
    stream_.read(magic);
    for (const IdxType& type : idx_types) {
      if (type.code == magic[2]) type_ = &type;
    }
    for (int i = 0; i < magic[3]; ++i) {
      std::array<std::uint8_t, 4> size;
      stream_.read(size);
      shape_.push_back(std::int64_t{size[0]} << 24 | std::int64_t{size[1]} << 16 | std::int64_t{size[2]} << 8 |
                       size[3]);
    }
    check_promise();
  }

  const IdxType& type() const { return *type_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }

  ArrayFile in_python() const {
    const char* open = stream_.compressed() ? "gzip.open({in})" : "open({in}, 'rb')";
    std::string load = fmt::format("np.frombuffer({}.read(), np.dtype('{}').newbyteorder('>'), offset={})", open,
                                   type_->name, header_bytes());
    if (shape_.size() > 1) load += fmt::format(".reshape({})", fmt::join(shape_, ", "));
    return {stream_.path(), load, stream_.compressed() ? "import gzip; " : ""};
  }

  void read(std::int64_t offset, std::span<std::byte> bytes) {
    if (offset < offset_) *this = IdxReader(stream_.path());
    stream_.skip(offset - offset_);
    stream_.read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    offset_ = offset + static_cast<std::int64_t>(bytes.size());
  }

  // Only reading shows it for some compressed files.
  void check_end() {
    std::array<std::uint8_t, 1> byte;
    if (stream_.read_some(byte) > 0) refuse_surplus(0);
  }

 private:
  std::int64_t item_bytes() const { return type_->dtype[2] - '0'; }
  std::int64_t header_bytes() const { return idx_magic_bytes * (1 + std::ssize(shape_)); }

  void check_promise() const {
    std::int64_t bytes = item_bytes();
    bool possible = true;
    for (std::int64_t n : shape_) possible = possible && !__builtin_mul_overflow(bytes, n, &bytes);
    possible = possible && !__builtin_add_overflow(bytes, header_bytes(), &bytes);
    const std::strong_ordering size = possible ? stream_.size_against(bytes) : std::strong_ordering::less;
    if (size == 0) return;
    if (size > 0) refuse_surplus(stream_.compressed() ? 0 : stream_.file_size() - bytes);
    throw HintedError(
        fmt::format("{} is cut off, or its header is damaged: the header promises {} values, and the file has fewer",
                    stream_.path().string(), fmt::join(shape_, "×")),
        get_it_again);
  }

  [[noreturn]] void refuse_surplus(std::int64_t bytes) const {  // 0: a number that is not known
    const std::string surplus = bytes == 0 ? "more bytes" : fmt::format("{} byte{} more", bytes, bytes == 1 ? "" : "s");
    const std::string value = item_bytes() == 1 ? "1 byte" : fmt::format("{} bytes", item_bytes());
    throw HintedError(fmt::format("{} holds {} than its header promises, which are {} values of {}",
                                  stream_.path().string(), surplus, fmt::join(shape_, "×"), value),
                      get_it_again);
  }

  InputStream stream_;
  const IdxType* type_ = &idx_types[0];
  std::vector<std::int64_t> shape_;
  std::int64_t offset_ = 0;  // of the values read so far
};

ArrayInput array_of_idx(const FoundFile& found, FileRole) {
  auto reader = std::make_shared<IdxReader>(found.input.file);
  return {.file = reader->in_python(),
          .dtype = reader->type().dtype,
          .shape = reader->shape(),
          .axes_are_known = true,
          .read = [reader](std::int64_t offset, std::span<std::byte> bytes) { reader->read(offset, bytes); },
          .check_end = [reader] { reader->check_end(); }};
}

}  // namespace

extern const Format idx_format{.name = "IDX (.gz)", .reads = is_idx, .array = array_of_idx};

}  // namespace latentgrid
