#include "plan/few_classes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <vector>

#include "data/shell_line.hpp"

namespace latentgrid {

namespace {

using Part = DatasetError::Part;

const SourcePosition& position(const DatasetPositions& where, Part part) { return where.of(DatasetError(part, 0, "")); }

// What the limit leaves out, where more classes were there without it: "class 1 comes", "classes 1, 2 come".
std::optional<std::string> classes_behind_the_limit(const DatasetSource& source, const std::vector<std::int64_t>& kept) {
  if (!source.limit) return std::nullopt;
  DatasetSource all = source;
  all.limit.reset();
  std::vector<std::int64_t> lost = class_values(all);
  std::erase_if(lost, [&](std::int64_t value) { return value == kept.front(); });
  if (lost.empty()) return std::nullopt;
  return lost.size() == 1 ? fmt::format("class {} comes", lost.front()) : fmt::format("classes {} come", fmt::join(lost, ", "));
}

// What -1 becomes when it is cast to an unsigned type, beside labels that are far smaller.
bool is_cast_of_no_label(const std::vector<std::int64_t>& values) {
  if (values.empty()) return false;
  const std::int64_t largest = values.back();
  const bool all_bits = largest == 0xff || largest == 0xffff || largest == 0xffffffff;
  return all_bits && (values.size() == 1 || values[values.size() - 2] < largest / 2);
}

void warn_of_cast_labels(const DatasetSource& source, const DatasetPositions& where, std::int64_t value,
                         Diagnostics& diagnostics) {
  const int bits = value == 0xff ? 8 : value == 0xffff ? 16 : 32;
  std::string hint = "save the labels as int64";
  if (source.labels.size() == 1 && source.labels[0].file.extension() == ".npy") {
    hint = run_python({.in = source.labels[0].file,
                       .suffix = "int",
                       .expression = fmt::format(
                           "(lambda y: np.where(y == {}, -1, y))(np.load({{in}}).astype('int64'))", value)});
  }
  diagnostics.warning(position(where, Part::labels),
                      fmt::format("the label {} is -1 as an unsigned number of {} bits", value, bits),
                      fmt::format("if it means 'no label', {}", hint));
}

void warn_of_one_class(const DatasetSource& source, const DatasetPositions& where, const DatasetHeader& header,
                       const std::string& consequence, Diagnostics& diagnostics) {
  const std::vector<std::int64_t> values = class_values(source);
  if (const auto lost = classes_behind_the_limit(source, values)) {
    diagnostics.warning(where.limit,
                        fmt::format("limit {} keeps only the first images, and their labels are all of class {}: {}",
                                    *source.limit, values.front(), consequence),
                        fmt::format("{} later in the files: raise the limit, or leave it out", *lost));
    return;
  }
  const std::int64_t unlabelled = header.images - header.labelled;
  const bool one_array = source.labels.size() == 1 && source.labels[0].file.extension() == ".npy";
  const std::string renumber = one_array ? run_python({.in = source.labels[0].file, .suffix = "int",
                                                       .expression = "np.unique(np.load({in}), return_inverse=True)[1]"})
                                         : "renumber the classes from 0";
  diagnostics.warning(
      position(where, Part::labels),
      fmt::format("all {} labelled images are of class {}: {}", header.labelled, fmt::join(values, ", "), consequence),
      unlabelled == 0 ? ""
                      : fmt::format("{} image{} no label, which is what -1 means; if -1 is one of your classes, {}", unlabelled,
                                    unlabelled == 1 ? " has" : "s have", renumber));
}

}  // namespace

void warn_of_few_classes(const DatasetSource& source, const DatasetPositions& where, const DatasetHeader& header,
                         Diagnostics& diagnostics) {
  if (header.labelled == 0 && !source.labels.empty()) {
    diagnostics.warning(position(where, Part::labels), "none of the images has a label, so there is no accuracy",
                        "-1 means 'no label', and so does a place that no label file reaches");
  }
  if (header.labelled == 0) return;
  if (const auto values = class_values(source); !source.labels.empty() && is_cast_of_no_label(values)) {
    warn_of_cast_labels(source, where, values.back(), diagnostics);
  }
  if (header.classes != 1) return;
  warn_of_one_class(source, where, header, "k is 1 unless the sweep says otherwise, and accuracy means nothing", diagnostics);
}

void warn_of_one_colour(const std::string& figure, const DatasetSource& source, const DatasetPositions& where,
                        const DatasetHeader& header, Diagnostics& diagnostics) {
  if (header.labelled == 0 && !source.labels.empty()) {
    diagnostics.warning(position(where, Part::labels),
                        fmt::format("none of the images of the map '{}' has a label, so it has one colour", figure),
                        "-1 means 'no label', and so does a place that no label file reaches");
  }
  if (header.labelled == 0 || header.classes != 1) return;
  warn_of_one_class(source, where, header, fmt::format("the map '{}' has one colour", figure), diagnostics);
}

}  // namespace latentgrid
