#include "data/label_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <span>

#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "data/array_advice.hpp"
#include "data/element.hpp"
#include "data/file_advice.hpp"
#include "data/formats.hpp"
#include "data/open_input.hpp"
#include "data/shell_line.hpp"
#include "data/text_table.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

class Decoder {
 public:
  Decoder(ArrayFile file, FileRole role, Element element) : file_(std::move(file)), role_(role), element_(element) {}

  std::int64_t value(const std::byte* from, std::int64_t position) const {
    const std::uint64_t bits = bits_of(element_, from);
    switch (element_.kind) {
      case 'b':
        return bits != 0;
      case 'i':
        return signed_value(element_, bits);
      case 'f':
        return whole(real_value(element_, bits), position);
      default:
        break;
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

std::int64_t list_length(const ArrayInput& array, FileRole role) {
  const std::vector<std::int64_t>& shape = array.shape;
  if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) return shape[0];
  refuse_list_shape(array.file, shape, role);
}

std::vector<std::int64_t> integers_in(const ArrayInput& array, FileRole role) {
  const std::optional<Element> element = array.element();
  if (!element || (element->kind == 'f' && role != FileRole::labels)) refuse_type(array, role);
  const std::int64_t count = list_length(array, role);
  const Decoder decoder(array.file, role, *element);
  std::vector<std::int64_t> values;
  values.reserve(static_cast<std::size_t>(count));
  std::vector<std::byte> block;
  for (std::int64_t done = 0; done < count;) {
    const std::int64_t n = std::min<std::int64_t>(count - done, 1 << 16);
    block.resize(static_cast<std::size_t>(n) * element->bytes);
    array.read(done * static_cast<std::int64_t>(element->bytes), block);
    for (std::int64_t i = 0; i < n; ++i, ++done) {
      values.push_back(decoder.value(block.data() + static_cast<std::size_t>(i) * element->bytes, done));
    }
  }
  array.check_end();
  return values;
}

// A text that is called an array is something that went wrong.
bool is_table(const FoundFile& found) {
  const bool text = found.content.kind == FileKind::csv || found.content.kind == FileKind::text;
  return text && found.input.file.extension() != ".npy";
}

std::int64_t integer_in(const TextTable& table, std::size_t row, std::size_t column, const fs::path& path) {
  const std::string& field = table.rows[row][column];
  std::int64_t value = 0;
  const char* begin = field.data() + (field.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, field.data() + field.size(), value);
  if (error == std::errc() && end == field.data() + field.size()) return value;
  throw HintedError(fmt::format("{}: '{}' is not a whole number", table.place(path, row), field),
                    "is this the right file?");
}

// The column of the labels: the one that is called so, or the last.
std::size_t label_column(const TextTable& table, const fs::path& path) {
  const std::size_t columns = table.rows[0].size();
  const auto named = std::find_if(table.names.begin(), table.names.end(), names_labels);
  if (named != table.names.end() && named - table.names.begin() < std::ssize(table.rows[0])) {
    return static_cast<std::size_t>(named - table.names.begin());
  }
  if (columns <= 2) return columns - 1;
  throw HintedError(fmt::format("{} has {} columns, and none is called label", path.string(), columns),
                    "keep two columns, called name and label, or one label a line");
}

LabelList labels_in_column(const TextTable& table, std::size_t column, const fs::path& path) {
  LabelList labels;
  const bool numbers = std::all_of(table.rows.begin(), table.rows.end(), [&](const std::vector<std::string>& row) {
    return row[column].empty() || is_whole_number(row[column]);
  });
  if (!numbers) {
    std::set<std::string> names;
    for (const std::vector<std::string>& row : table.rows) names.insert(row[column]);
    names.erase("");
    labels.names.assign(names.begin(), names.end());
  }
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string& field = table.rows[row][column];
    std::int64_t label = -1;
    if (!field.empty() && numbers) {
      label = integer_in(table, row, column, path);
    } else if (!field.empty()) {
      label = std::lower_bound(labels.names.begin(), labels.names.end(), field) - labels.names.begin();
    }
    if (label < -1) {
      throw HintedError(
          fmt::format("{}: the label is {}; labels are 0 or more, and -1 is 'no label'", table.place(path, row), label),
          "number the classes from 0");
    }
    labels.values.push_back(label);
  }
  return labels;
}

LabelFile labels_in_text(const fs::path& path) {
  TextTable table = read_text_table(path);
  const std::vector<std::string> first = table.rows[0];
  if (table.rows.size() == 1 && first.size() > 2 &&
      std::all_of(first.begin(), first.end(), is_whole_number)) {  // all in one line
    table.rows.clear();
    for (const std::string& field : first) table.rows.push_back({field});
    table.lines.assign(first.size(), table.lines[0]);
  }
  const std::size_t column = label_column(table, path);
  LabelFile file{labels_in_column(table, column, path), {}};
  if (table.rows[0].size() == 1) return file;
  const std::size_t names = column == 0 ? 1 : 0;
  for (const std::vector<std::string>& row : table.rows) file.images.push_back(row[names]);
  return file;
}

std::vector<std::int64_t> images_of_mask(const fs::path& path, const std::vector<std::int64_t>& mask,
                                         std::int64_t images) {
  const auto count = static_cast<std::int64_t>(mask.size());
  if (count != images) {
    throw HintedError(
        fmt::format("{} is a mask of {} booleans, but there are {} images", path.string(), count, images),
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

std::vector<std::int64_t> indices_in_text(const fs::path& path) {
  const TextTable table = read_text_table(path);
  std::vector<std::int64_t> indices;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t column = 0; column < table.rows[row].size(); ++column) {
      indices.push_back(integer_in(table, row, column, path));
    }
  }
  return indices;
}

}  // namespace

void check_rows_are_in_order(const LabelFile& file, const fs::path& name) {
  for (std::size_t i = 0; i < file.images.size(); ++i) {
    if (!is_whole_number(file.images[i])) {
      throw HintedError(fmt::format("{} labels the picture '{}', but the images are not files of their own",
                                    name.string(), file.images[i]),
                        "keep the column of labels alone, in the order of the images");
    }
    if (i == 0 || std::stoll(file.images[i]) == std::stoll(file.images[i - 1]) + 1) continue;
    throw HintedError(fmt::format("{}: {} follows {}, so the rows are not in the order of the images", name.string(),
                                  file.images[i], file.images[i - 1]),
                      "sort the rows by their numbers, with one row for each image; an image without a label has -1");
  }
}

LabelFile read_label_file(const fs::path& name) {
  const FoundFile found = find_file(name);
  const Format* format = format_of(found);
  if (!format && is_table(found)) return labels_in_text(name);
  if (format && format->images) {
    const std::unique_ptr<ImageSource> images = format->images(found);
    if (images->labelled()) return {images->labels(), {}};
  }
  const ArrayInput array = open_array(name, FileRole::labels);
  LabelFile file{{integers_in(array, FileRole::labels), {}}, {}};
  const std::vector<std::int64_t>& values = file.labels.values;
  const auto lowest = std::min_element(values.begin(), values.end());
  if (lowest != values.end() && *lowest < -1) {
    refuse_value(array.file, FileRole::labels, lowest - values.begin(), fmt::format("{}", *lowest),
                 ValueFault::negative);
  }
  return file;
}

std::vector<std::int64_t> read_index_file(const fs::path& name, std::int64_t images) {
  const FoundFile found = find_file(name);
  std::vector<std::int64_t> indices;
  if (!format_of(found) && is_table(found)) {
    indices = indices_in_text(name);
  } else {
    const ArrayInput array = open_array(name, FileRole::indices);
    indices = integers_in(array, FileRole::indices);
    if (array.element()->kind == 'b') return images_of_mask(name, indices, images);
    if (is_mask_of_numbers(indices)) {
      throw HintedError(
          fmt::format(
              "{} holds {} values that are all 0 or 1; as numbers of images they name only the first two images",
              name.string(), indices.size()),
          "a mask must be saved as booleans: " + run_python({.in = array.file.in(),
                                                             .suffix = "mask",
                                                             .expression = array.file.load + ".astype(bool)",
                                                             .imports = array.file.imports}));
    }
  }
  for (std::int64_t index : indices) {
    if (index >= 0 && index < images) continue;
    throw HintedError(fmt::format("{} names image {}, but there are only {} images", name.string(), index, images),
                      fmt::format("images are numbered from 0 to {}", images - 1));
  }
  return indices;
}

}  // namespace latentgrid
