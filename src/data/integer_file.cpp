#include "data/integer_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>

#include "base/input_file.hpp"
#include "data/array_advice.hpp"
#include "data/element.hpp"
#include "data/file_advice.hpp"
#include "data/idx.hpp"
#include "data/input_error.hpp"
#include "data/npy_input.hpp"
#include "data/shell_line.hpp"
#include "data/what_is.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

struct Integers {
  std::vector<std::int64_t> values;
  bool booleans = false;
  ArrayFile file;
};

class Decoder {
 public:
  Decoder(ArrayFile file, FileRole role, Element element) : file_(std::move(file)), role_(role), element_(element) {}

  const ArrayFile& file() const { return file_; }
  const Element& element() const { return element_; }

  std::int64_t value(const std::byte* from, std::int64_t position) const {
    const std::uint64_t bits = bits_of(element_, from);
    switch (element_.kind) {
      case 'b': return bits != 0;
      case 'i': return signed_value(element_, bits);
      case 'f': return whole(real_value(element_, bits), position);
      default: break;
    }
    if (bits > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      refuse_value(file_, role_, position, fmt::format("{}", bits), ValueFault::too_large);
    }
    return static_cast<std::int64_t>(bits);
  }

 private:
  std::int64_t whole(double value, std::int64_t position) const {
    if (std::isnan(value)) refuse_value(file_, role_, position, "NaN", ValueFault::not_a_number);
    if (std::isfinite(value) && value != std::floor(value)) {
      refuse_value(file_, role_, position, fmt::format("{}", value), ValueFault::not_whole);
    }
    if (!(std::abs(value) < 0x1p63)) {
      refuse_value(file_, role_, position, fmt::format("{}", value), ValueFault::too_large);
    }
    return static_cast<std::int64_t>(value);
  }

  ArrayFile file_;
  FileRole role_;
  Element element_;
};

std::int64_t list_length(const ArrayFile& file, const std::vector<std::int64_t>& shape, FileRole role) {
  if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) return shape[0];
  refuse_list_shape(file, shape, role);
}

using ReadBytes = std::function<void(std::span<std::byte>)>;

// `read` gives the next bytes of the file, which holds `count` elements.
Integers decode(const Decoder& decoder, std::int64_t count, const ReadBytes& read) {
  const Element& element = decoder.element();
  Integers integers{{}, element.kind == 'b', decoder.file()};
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
  const std::optional<Element> element = element_of(header.dtype);
  if (!element || (element->kind == 'f' && role != FileRole::labels)) refuse_npy(path, header, role);
  const std::int64_t count = list_length({path}, header.shape, role);
  check_input_size(file, header);
  auto offset = static_cast<std::int64_t>(header.data_offset);
  return decode(Decoder({path}, role, *element), count, [&](std::span<std::byte> bytes) {
    file.read(offset, bytes);
    offset += static_cast<std::int64_t>(bytes.size());
  });
}

Integers read_idx(const fs::path& path, FileRole role) {
  IdxFile file(path);
  const bool real = file.type() == IdxFile::Type::float32 || file.type() == IdxFile::Type::float64;
  if (real && role != FileRole::labels) {
    throw InputError(fmt::format("{} holds floating-point values; {} are integers", path.string(), words(role).plural),
                     run_python({.in = path,
                                 .suffix = "int",
                                 .expression = file.in_python().load + ".astype('int64')",
                                 .imports = file.in_python().imports}));
  }
  const std::int64_t count = list_length(file.in_python(), file.shape(), role);
  const char kind = real ? 'f' : file.type() == IdxFile::Type::uint8 ? 'u' : 'i';
  const Element element{kind, file.item_bytes(), true};
  Integers integers = decode(Decoder(file.in_python(), role, element), count, [&](std::span<std::byte> bytes) {
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

std::vector<std::int64_t> images_of_mask(const fs::path& path, const std::vector<std::int64_t>& mask,
                                         std::int64_t images) {
  const auto count = static_cast<std::int64_t>(mask.size());
  if (count != images) {
    throw InputError(fmt::format("{} is a mask of {} booleans, but there are {} images", path.string(), count, images),
                     "a mask has one value for each image of all image files, in order; a list of image numbers may be "
                     "shorter");
  }
  std::vector<std::int64_t> indices;
  for (std::int64_t i = 0; i < count; ++i) {
    if (mask[static_cast<std::size_t>(i)]) indices.push_back(i);
  }
  return indices;
}

// Zeros and ones, some more than once, name the first two images again and again: nobody means that.
bool is_mask_of_numbers(const std::vector<std::int64_t>& values) {
  return values.size() > 2 &&
         std::all_of(values.begin(), values.end(), [](auto value) { return value == 0 || value == 1; });
}

}  // namespace

std::vector<std::int64_t> read_label_file(const fs::path& path) {
  Integers labels = read_integers(path, FileRole::labels);
  const auto lowest = std::min_element(labels.values.begin(), labels.values.end());
  if (lowest != labels.values.end() && *lowest < -1) {
    refuse_value(labels.file, FileRole::labels, lowest - labels.values.begin(), fmt::format("{}", *lowest),
                 ValueFault::negative);
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
        "a mask must be saved as booleans: " + run_python({.in = path,
                                                           .suffix = "mask",
                                                           .expression = indices.file.load + ".astype(bool)",
                                                           .imports = indices.file.imports}));
  }
  for (std::int64_t index : indices.values) {
    if (index >= 0 && index < images) continue;
    throw InputError(fmt::format("{} names image {}, but there are only {} images", path.string(), index, images),
                     fmt::format("images are numbered from 0 to {}", images - 1));
  }
  return std::move(indices.values);
}

}  // namespace latentgrid
