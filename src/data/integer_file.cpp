#include "data/integer_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <span>

#include "base/input_file.hpp"
#include "data/file_advice.hpp"
#include "data/idx.hpp"
#include "data/input_error.hpp"
#include "data/npy_input.hpp"
#include "data/what_is.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

struct Integers {
  std::vector<std::int64_t> values;
  bool booleans = false;
};

// How one element is stored.
struct Element {
  char kind = 'i';  // as numpy's: b, i, u, f
  std::size_t bytes = 8;
  bool big_endian = false;
};

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 0    ? std::ldexp(fraction, -24)
                 : exponent == 31 ? (fraction ? std::nan("") : std::numeric_limits<double>::infinity())
                                  : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -value : value;
}

class Decoder {
 public:
  Decoder(const fs::path& path, FileRole role, Element element) : path_(path), role_(role), element_(element) {}

  std::int64_t value(const std::byte* from, std::int64_t position) const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < element_.bytes; ++i) {
      const std::size_t place = element_.big_endian ? element_.bytes - 1 - i : i;
      bits |= std::uint64_t{static_cast<std::uint8_t>(from[i])} << (8 * place);
    }
    switch (element_.kind) {
      case 'b': return bits != 0;
      case 'i': return sign_extended(bits);
      case 'f': return whole(real(bits), position);
      default: break;
    }
    if (bits > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      refuse_value(path_, role_, position, fmt::format("{}", bits), ValueFault::too_large);
    }
    return static_cast<std::int64_t>(bits);
  }

 private:
  std::int64_t sign_extended(std::uint64_t bits) const {
    const int unused = 64 - 8 * static_cast<int>(element_.bytes);
    return static_cast<std::int64_t>(bits << unused) >> unused;
  }

  double real(std::uint64_t bits) const {
    if (element_.bytes == 2) return half_to_double(static_cast<std::uint16_t>(bits));
    if (element_.bytes == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return std::bit_cast<double>(bits);
  }

  std::int64_t whole(double value, std::int64_t position) const {
    if (std::isnan(value)) refuse_value(path_, role_, position, "NaN", ValueFault::not_a_number);
    if (std::isfinite(value) && value != std::floor(value)) {
      refuse_value(path_, role_, position, fmt::format("{}", value), ValueFault::not_whole);
    }
    if (!(std::abs(value) < 0x1p63)) {
      refuse_value(path_, role_, position, fmt::format("{}", value), ValueFault::too_large);
    }
    return static_cast<std::int64_t>(value);
  }

  const fs::path& path_;
  FileRole role_;
  Element element_;
};

std::int64_t list_length(const fs::path& path, const std::vector<std::int64_t>& shape, FileRole role) {
  if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) return shape[0];
  refuse_list_shape(path, shape, role);
}

using ReadBytes = std::function<void(std::span<std::byte>)>;

// `read` gives the next bytes of the file, which holds `count` elements.
Integers decode(const Decoder& decoder, const Element& element, std::int64_t count, const ReadBytes& read) {
  Integers integers{{}, element.kind == 'b'};
  integers.values.reserve(static_cast<std::size_t>(count));
  std::vector<std::byte> block;
  for (std::int64_t done = 0; done < count;) {
    const std::int64_t n = std::min<std::int64_t>(count - done, 1 << 16);
    block.resize(static_cast<std::size_t>(n) * element.bytes);
    read(block);
    for (std::int64_t i = 0; i < n; ++i, ++done) {
      integers.values.push_back(decoder.value(block.data() + static_cast<std::size_t>(i) * element.bytes, done));
    }
  }
  return integers;
}

Integers read_npy(const fs::path& path, FileRole role) {
  const InputFile file(path);
  const NpyHeader header = read_input_header(file);
  const char kind = header.dtype.size() == 3 ? header.dtype[1] : 'O';
  const bool known = std::string_view("biu").find(kind) != std::string_view::npos;
  if (!known && !(kind == 'f' && role == FileRole::labels)) refuse_npy(path, header, role);
  const std::int64_t count = list_length(path, header.shape, role);
  check_input_size(file, header);
  const Element element{kind, header.item_bytes(), header.dtype[0] == '>'};
  auto offset = static_cast<std::int64_t>(header.data_offset);
  return decode(Decoder(path, role, element), element, count, [&](std::span<std::byte> bytes) {
    file.read(offset, bytes);
    offset += static_cast<std::int64_t>(bytes.size());
  });
}

Integers read_idx(const fs::path& path, FileRole role) {
  IdxFile file(path);
  const bool real = file.type() == IdxFile::Type::float32 || file.type() == IdxFile::Type::float64;
  if (real && role != FileRole::labels) {
    throw InputError(fmt::format("{} holds floating-point values; {} are integers", path.string(), words(role).plural),
                     "write them as a .npy file of integers: np.save('indices.npy', numbers.astype('int64'))");
  }
  const std::int64_t count = list_length(path, file.shape(), role);
  const char kind = real ? 'f' : file.type() == IdxFile::Type::uint8 ? 'u' : 'i';
  const Element element{kind, file.item_bytes(), true};
  Integers integers = decode(Decoder(path, role, element), element, count, [&](std::span<std::byte> bytes) {
    file.read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  });
  file.check_end();
  return integers;
}

Integers read_integers(const fs::path& path, FileRole role) {
  const FileContent content = what_is(path);
  if (content.kind == FileKind::idx || content.inside == FileKind::idx) return read_idx(path, role);
  if (content.kind == FileKind::npy) return read_npy(path, role);
  refuse(path, content, role);
}

std::vector<std::int64_t> images_of_mask(const fs::path& path, const std::vector<std::int64_t>& mask, std::int64_t images) {
  const auto count = static_cast<std::int64_t>(mask.size());
  if (count != images) {
    throw InputError(fmt::format("{} is a mask of {} booleans, but there are {} images", path.string(), count, images),
                     "a mask has one value for each image of all image files, in order; numbers of images may be fewer");
  }
  std::vector<std::int64_t> indices;
  for (std::int64_t i = 0; i < count; ++i) {
    if (mask[static_cast<std::size_t>(i)]) indices.push_back(i);
  }
  return indices;
}

// Zeros and ones, some more than once, name the first two images again and again: nobody means that.
bool is_mask_of_numbers(const std::vector<std::int64_t>& values) {
  return values.size() > 2 && std::all_of(values.begin(), values.end(), [](auto value) { return value == 0 || value == 1; });
}

}  // namespace

std::vector<std::int64_t> read_label_file(const fs::path& path) {
  Integers labels = read_integers(path, FileRole::labels);
  const auto lowest = std::min_element(labels.values.begin(), labels.values.end());
  if (lowest != labels.values.end() && *lowest < -1) {
    refuse_value(path, FileRole::labels, lowest - labels.values.begin(), fmt::format("{}", *lowest), ValueFault::negative);
  }
  return std::move(labels.values);
}

std::vector<std::int64_t> read_index_file(const fs::path& path, std::int64_t images) {
  Integers indices = read_integers(path, FileRole::indices);
  if (indices.booleans) return images_of_mask(path, indices.values, images);
  if (is_mask_of_numbers(indices.values)) {
    throw InputError(
        fmt::format("{} holds {} values that are all 0 or 1; as numbers of images they name only the first two images",
                    path.string(), indices.values.size()),
        "a mask must be saved as booleans: " + python_line(path, "mask", "np.load({in}).astype(bool)"));
  }
  for (std::int64_t index : indices.values) {
    if (index >= 0 && index < images) continue;
    throw InputError(fmt::format("{} names image {}, but there are only {} images", path.string(), index, images),
                     fmt::format("images are numbered from 0 to {}", images - 1));
  }
  return std::move(indices.values);
}

}  // namespace latentgrid
