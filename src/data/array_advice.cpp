#include "data/array_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/hinted_error.hpp"
#include "data/shell_line.hpp"
#include "data/value_range.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* whole_array = "np.save was given one number: save the whole array";

// The names in "[('x', '<f4'), ('y', '<i8', (2,))]".
std::vector<std::string> field_names(const std::string& dtype) {
  std::vector<std::string> names;
  for (std::size_t at = 0; (at = dtype.find("('", at)) != std::string::npos;) {
    const std::size_t end = dtype.find('\'', at += 2);
    if (end == std::string::npos) break;
    names.push_back(dtype.substr(at, end - at));
  }
  return names;
}

// What kind of numpy's it is: b, i, u, f, c, U, S, M, m, O, V; [ for records.
char kind_of(const std::string& dtype) {
  return dtype.size() > 1 && dtype[0] != '[' ? dtype[1] : '[';
}

PythonLine line_of(const ArrayFile& file, const std::string& suffix, std::string expression) {
  for (std::size_t at; (at = expression.find("{array}")) != std::string::npos;) expression.replace(at, 7, file.load);
  return {.in = file.in(), .suffix = suffix, .expression = expression, .imports = file.imports};
}

std::string numbered(const ArrayFile& file, const char* suffix = "int") {
  return run_python(line_of(file, suffix, "np.unique({array}, return_inverse=True)[1]"));
}

std::string numbered_by_name(const ArrayFile& file) {
  PythonLine line = line_of(file, "int", "np.unique({array}, return_inverse=True)[1]");
  line.printed = line_of(file, "", "np.unique({array}).astype(str).tolist()").expression;
  return run_python(line) + alphabetical;
}

[[noreturn]] void refuse_image_type(const ArrayInput& array) {
  const ArrayFile& file = array.file;
  const char kind = kind_of(array.dtype);
  std::string hint = "is this the right file? If so, save the pixels as uint8 where it is made";
  if (kind == 'U' || kind == 'S') hint = "if these are names of picture files, put the pictures into a folder and write its name here";
  if (kind == 'c') {
    hint = run_python(line_of(file, "abs", "np.abs({array})"), "if their absolute values are the pixels, ");
  }
  if (kind == 'f') hint = run_python(line_of(file, "float", "{array}.astype('float64')"));
  if (kind == '[') {
    const std::string name = likely_name(field_names(array.dtype), FileRole::images);
    hint = run_python(line_of(file, "images", fmt::format("{{array}}['{}']", name)));
  }
  throw HintedError(fmt::format("{} holds {}; the values of images are numbers", file.path.string(), type_name(array.dtype)),
                    hint);
}

[[noreturn]] void refuse_objects(const ArrayInput& array, FileRole role) {
  const std::string path = array.file.in().string();
  const std::string fault =
      fmt::format("{} holds Python objects (a pickle inside an .npy file), not numbers", array.file.path.string());
  ArrayFile file = array.file;
  file.load.replace(file.load.find(')'), 1, ", allow_pickle=True)");
  const std::string trust = "if you trust the file (a pickle can run programs), ";
  if (array.shape.empty()) {
    const bool plain = path.find_first_of("'\"$`\\!\n") == std::string::npos;
    throw HintedError(
        fault, fmt::format("{}see what was saved, and save its arrays one by one: python3 -c \"import numpy as np; "
                           "print(np.load({}, allow_pickle=True).item())\"",
                           trust, plain ? "'" + path + "'" : "'FILE'"));
  }
  throw HintedError(
      fault, run_python(role == FileRole::images ? line_of(file, "images", "np.stack([np.array(x) for x in {array}])")
                                                 : line_of(file, "list", "np.array({array}.tolist())"),
                        trust));
}

std::string list_advice(const ArrayInput& array, FileRole role) {
  const ArrayFile& file = array.file;
  const char kind = kind_of(array.dtype);
  if (kind == '[') {
    const std::string name = likely_name(field_names(array.dtype), role);
    return run_python(line_of(file, words(role).suffix, fmt::format("{{array}}['{}']", name)));
  }
  if (role == FileRole::labels) {
    if (kind == 'U' || kind == 'S') return numbered_by_name(file);
    if (kind == 'M' || kind == 'm') return "if each value is a class, " + numbered(file);
    if (kind == 'f') return run_python(line_of(file, "float", "{array}.astype('float64')"));
    if (kind == 'c') return run_python(line_of(file, "real", "{array}.real"), "if the real parts are the labels, ");
  } else if (kind == 'f') {
    const std::optional<ValueRange> range = value_range(array);
    if (range && (range->not_numbers || !range->whole)) return "numbers of images are whole: is this the right file?";
    if (range && range->lowest >= 0 && range->highest <= 1 && array.size() > 2) {
      return run_python(line_of(file, "mask", "{array}.astype(bool)"), "if this is a mask, ");
    }
    return run_python(line_of(file, "int", "{array}.astype('int64')"));
  } else if (kind == 'U' || kind == 'S') {
    return run_python(line_of(file, "int", "{array}.astype('int64')"), "if these are numbers, ");
  }
  return fmt::format("is this the right file? If so, save {} where it is made", words(role).needed);
}

bool are_channels(std::int64_t n) {
  return n == 1 || n == 3 || n == 4;
}

std::string turned_advice(const ArrayFile& file, const std::vector<std::int64_t>& shape) {
  return run_python(line_of(file, "turned", "{array}.swapaxes(1, 2)"),
                    fmt::format("if these are {} images of {}×{} with {} channels, turn each on its side: ", shape[0],
                                shape[1], shape[2], shape[3]));
}

// Two files, because N is no longer H then.
std::string parted_advice(const ArrayFile& file, const std::vector<std::int64_t>& shape) {
  PythonLine line = line_of(file, "first", "{array}[:1]");
  line.second = line_of(file, "", "{array}[1:]").expression;
  return run_python(line, fmt::format("if these are {} images of {}×{} with {} channels, list two files: ", shape[0],
                                      shape[1], shape[2], shape[3]));
}

}  // namespace

std::string type_name(const std::string& dtype) {
  static const std::map<char, const char*> numbers{{'i', "int"}, {'u', "uint"}, {'f', "float"}, {'c', "complex"}};
  static const std::map<char, const char*> others{
      {'b', "booleans"},         {'O', "Python objects"},     {'U', "strings"},
      {'S', "strings of bytes"}, {'M', "dates (datetime64)"}, {'m', "lengths of time (timedelta64)"}};
  const char kind = kind_of(dtype);
  if (kind == '[') return fmt::format("records with the fields {}", fmt::join(field_names(dtype), ", "));
  if (const auto other = others.find(kind); other != others.end()) return other->second;
  int bytes = 0;
  for (std::size_t i = 2; i < dtype.size() && dtype[i] >= '0' && dtype[i] <= '9' && bytes < 1000; ++i)
    bytes = 10 * bytes + dtype[i] - '0';
  const auto number = numbers.find(kind);
  return number == numbers.end() ? fmt::format("values of the type '{}'", dtype)
                                 : fmt::format("{}{}", number->second, 8 * bytes);
}

std::optional<OtherOrder> other_order(const std::vector<std::int64_t>& shape) {
  if (shape.size() == 3 && shape[2] == 3) return OtherOrder::hwc;
  if (shape.size() != 4 || shape[3] <= 4) return std::nullopt;
  if (are_channels(shape[1]) && shape[2] > 4) return OtherOrder::nchw;
  if (are_channels(shape[2]) && shape[0] == shape[1] && shape[0] > 4) return OtherOrder::hwcn;
  return std::nullopt;
}

void refuse_other_order(const ArrayFile& file, const std::vector<std::int64_t>& shape, OtherOrder order) {
  auto refuse = [&](const char* name, const char* suffix, const char* expression, const std::string& otherwise) {
    throw HintedError(fmt::format("{}: the shape {} looks like {}; images must be N×H×W×C", file.path.string(),
                                 fmt::join(shape, "×"), name),
                     fmt::format("{}; {}", run_python(line_of(file, suffix, expression)), otherwise));
  };
  switch (order) {
    case OtherOrder::nchw:
      refuse("N×C×H×W", "nhwc", "{array}.transpose(0, 2, 3, 1)", turned_advice(file, shape));
      break;
    case OtherOrder::hwcn:
      refuse("H×W×C×N", "nhwc", "{array}.transpose(3, 0, 1, 2)", parted_advice(file, shape));
      break;
    case OtherOrder::hwc:
      refuse("one image H×W×C", "images", "{array}[np.newaxis]",
             run_python(line_of(file, "gray", "{array}[..., np.newaxis]"),
                        fmt::format("if these are {} images of {}×{}, save them as N×H×W×1: ", shape[0], shape[1],
                                    shape[2])));
      break;
  }
  throw Error("unreachable");
}

void refuse_type(const ArrayInput& array, FileRole role) {
  if (kind_of(array.dtype) == 'O') refuse_objects(array, role);
  if (array.shape.empty()) {
    throw HintedError(fmt::format("{} holds a single value (shape ()), not an array", array.file.path.string()), whole_array);
  }
  if (role == FileRole::images) refuse_image_type(array);
  throw HintedError(fmt::format("{} holds {}; {} are {}", array.file.path.string(), type_name(array.dtype),
                                words(role).plural, words(role).needed),
                    list_advice(array, role));
}

void refuse_image_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape) {
  const std::string found = shape.empty() ? "a single value"
                            : shape.size() == 1
                                ? fmt::format("a list of {} value{}", shape[0], shape[0] == 1 ? "" : "s")
                                : fmt::format("{}", fmt::join(shape, "×"));
  const std::string fault =
      fmt::format("{}: images must have the shape N×H×W×C or N×H×W, not {}", file.path.string(), found);
  if (shape.empty()) throw HintedError(fault, whole_array);
  if (shape.size() == 1) throw HintedError(fault, "a list like this may be the labels: name the file of the images");
  if (shape.size() == 2) {
    auto side = [](std::int64_t pixels) {
      return static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
    };
    const std::int64_t gray = side(shape[1]), color = side(shape[1] / 3);
    if (shape[1] > 1 && gray * gray == shape[1]) {
      throw HintedError(fault,
                       run_python(line_of(file, "images", fmt::format("{{array}}.reshape(-1, {0}, {0})", gray))));
    }
    if (shape[1] > 0 && 3 * color * color == shape[1]) {
      throw HintedError(
          fault, run_python(line_of(file, "images",
                                    fmt::format("{{array}}.reshape(-1, 3, {0}, {0}).transpose(0, 2, 3, 1)", color)),
                            "if all red values of an image come first, as in CIFAR, "));
    }
  }
  throw HintedError(fault, run_python(line_of(file, "images", "{array}.reshape(-1, H, W, C)"),
                                     "put the height, width and channels of your images in the place of H, W and C, "));
}

void refuse_list_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape, FileRole role) {
  const std::string found = shape.empty() ? "()" : fmt::format("{}", fmt::join(shape, "×"));
  const std::string fault = fmt::format("{}: {} are a list (shape N), not an array of shape {}", file.path.string(),
                                        words(role).plural, found);
  if (shape.empty()) throw HintedError(fault, whole_array);
  if (std::count_if(shape.begin(), shape.end(), [](std::int64_t n) { return n != 1; }) <= 1) {
    throw HintedError(fault, run_python(line_of(file, "list", "{array}.ravel()")));
  }
  if (shape.size() == 2 && role == FileRole::labels) {
    throw HintedError(fault,
                     run_python(line_of(file, "int", "{array}.argmax(1)"),
                                "if each row has a 1 at its class (one-hot), or a probability for each class, "));
  }
  throw HintedError(fault, fmt::format("an array like this may be the images: name the file {}",
                                      role == FileRole::labels ? "of the labels" : "that lists the image numbers"));
}

void refuse_value(const ArrayFile& file, FileRole role, std::int64_t position, const std::string& value,
                  ValueFault fault) {
  const std::string what = fmt::format("{}: value {} is {}", file.path.string(), position, value);
  switch (fault) {
    case ValueFault::negative:
      throw HintedError(
          what + "; labels are 0 or more, and -1 is 'no label'",
          run_python(line_of(file, "int", "np.maximum({array}, -1)"), "if negative numbers mean 'no label', ") +
              "; if each number is a class, " + numbered(file, "classes"));
    case ValueFault::too_large:
      if (role != FileRole::labels)
        throw HintedError(what + "; indices of images are smaller",
                         "images are numbered from 0: is this the right file?");
      if (value == "18446744073709551615") {
        throw HintedError(what + ", which is -1 as an unsigned number",
                         run_python(line_of(file, "int", "{array}.astype('int64')"), "if it means 'no label', "));
      }
      throw HintedError(what + "; labels go up to 9223372036854775807", "if each number is a class, " + numbered(file));
    case ValueFault::not_whole:
      if (!value.starts_with("0."))
        throw HintedError(what + "; labels are whole numbers", "if each number is a class, " + numbered(file));
      throw HintedError(what + "; labels are whole numbers",
                       run_python(line_of(file, "int", "({array} > 0.5).astype('int64')"),
                                  "if these are probabilities of the second of two classes, "));
    case ValueFault::not_a_number:
      throw HintedError(what + "; labels are whole numbers, and -1 is 'no label'",
                       run_python(line_of(file, "int", "np.nan_to_num({array}, nan=-1)"), "if NaN means 'no label', "));
  }
  throw HintedError(what, "");
}

}  // namespace latentgrid
