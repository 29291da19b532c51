#include "data/array_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/input_file.hpp"
#include "data/input_error.hpp"
#include "data/picture_advice.hpp"
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

// "float32" of "<f4", as numpy calls it.
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

PythonLine line_of(const ArrayFile& file, const std::string& suffix, std::string expression) {
  for (std::size_t at; (at = expression.find("{array}")) != std::string::npos;) expression.replace(at, 7, file.load);
  return {.in = file.path, .suffix = suffix, .expression = expression, .imports = file.imports};
}

std::string numbered(const ArrayFile& file, const char* suffix = "int") {
  return run_python(line_of(file, suffix, "np.unique({array}, return_inverse=True)[1]"));
}

std::string numbered_by_name(const ArrayFile& file) {
  PythonLine line = line_of(file, "int", "np.unique({array}, return_inverse=True)[1]");
  line.printed = line_of(file, "", "np.unique({array}).astype(str).tolist()").expression;
  return run_python(line) + alphabetical;
}

std::string stretched(const ArrayFile& file) {
  return run_python(
      line_of(
          file, "uint8",
          "(lambda x: (x - x.min()) / (x.max() - x.min()) * 255)({array}.astype('float64')).round().astype('uint8')"),
      "to stretch the values to 0 to 255, ");
}

std::string uint8_advice(ArrayFile file, const ValueRange& range, const std::string& dtype) {
  std::string condition;
  if (range.not_numbers) {
    condition = "find out first where they come from; to set them to the nearest end, ";
    file.load = fmt::format("np.nan_to_num(np.load({{in}}), nan={0:.6g}, posinf={1:.6g}, neginf={0:.6g})", range.lowest,
                            range.highest);
  }
  if (dtype == "|i1" && range.lowest < 0) {
    return run_python(line_of(file, "uint8", "{array}.view('uint8')"),
                      "if these are bytes from 0 to 255 that were taken for signed ones, ");
  }
  if (range.lowest == range.highest && (range.lowest < -1 || range.highest > 255))
    return "all of the values are equal: is this the right file?";
  if (range.lowest < -1 || range.highest > 255 || (range.lowest < 0 && range.highest > 1)) return stretched(file);
  const bool real = dtype[1] == 'f';
  const char* scaled = range.lowest < 0    ? "(({array} + 1) * 127.5).round().astype('uint8')"
                       : range.highest > 1 ? (real ? "{array}.round().astype('uint8')" : "{array}.astype('uint8')")
                       : real              ? "({array} * 255).round().astype('uint8')"
                                           : "{array}.astype('uint8') * 255";
  return run_python(line_of(file, "uint8", scaled), condition);
}

[[noreturn]] void refuse_image_type(const fs::path& path, const NpyHeader& header) {
  const std::string type = type_name(header.dtype);
  const char kind = kind_of(header.dtype);
  const ArrayFile file{path};
  auto refuse = [&](const std::string& values, const std::string& hint) {
    throw InputError(fmt::format("{} holds {}; images must be uint8, from 0 to 255", path.string(), values), hint);
  };
  if (kind == 'b') refuse(type, run_python(line_of(file, "uint8", "{array}.astype('uint8') * 255")));
  if (kind == 'U' || kind == 'S')
    refuse(type, "if these are names of picture files, " + stack_listed_pictures(path, kind == 'S'));
  if (kind == 'c')
    refuse(type, run_python(line_of(file, "abs", "np.abs({array})"), "if their absolute values are the pixels, "));
  if (kind == 'f' && header.dtype.size() > 3)
    refuse(type, run_python(line_of(file, "float", "{array}.astype('float64')")));
  if (kind == '[') {
    refuse(type, run_python(line_of(
                     file, "images",
                     fmt::format("{{array}}['{}']", likely_name(field_names(header.dtype), FileRole::images)))));
  }
  const std::optional<ValueRange> range = value_range(InputFile(path), header);
  if (!range) refuse(type, "is this the right file? If so, save the pixels as uint8 where it is made");
  refuse(fmt::format("{} from {:.6g} to {:.6g}{}", type, range->lowest, range->highest,
                     range->not_numbers ? ", and values that are not finite (NaN or infinite)" : ""),
         uint8_advice(file, *range, header.dtype));
  throw Error("unreachable");
}

[[noreturn]] void refuse_objects(const fs::path& path, const NpyHeader& header, FileRole role) {
  const std::string fault =
      fmt::format("{} holds Python objects (a pickle inside an .npy file), not numbers", path.string());
  const ArrayFile file{path, "np.load({in}, allow_pickle=True)"};
  const std::string trust = "if you trust the file (a pickle can run programs), ";
  if (header.shape.empty()) {
    throw InputError(
        fault, fmt::format("{}see what was saved, and save its arrays one by one: python3 -c \"import numpy as np; "
                           "print(np.load({}, allow_pickle=True).item())\"",
                           trust,
                           path.string().find_first_of("'\"$`\\!\n") == std::string::npos ? "'" + path.string() + "'"
                                                                                          : "'FILE'"));
  }
  throw InputError(
      fault, run_python(role == FileRole::images ? line_of(file, "images", "np.stack([np.array(x) for x in {array}])")
                                                 : line_of(file, "list", "np.array({array}.tolist())"),
                        trust));
}

std::string list_advice(const fs::path& path, const NpyHeader& header, FileRole role) {
  const ArrayFile file{path};
  const char kind = kind_of(header.dtype);
  if (kind == '[') {
    const std::string name = likely_name(field_names(header.dtype), role);
    return run_python(line_of(file, words(role).suffix, fmt::format("{{array}}['{}']", name)));
  }
  if (role == FileRole::labels) {
    if (kind == 'U' || kind == 'S') return numbered_by_name(file);
    if (kind == 'M' || kind == 'm') return "if each value is a class, " + numbered(file);
    if (kind == 'f') return run_python(line_of(file, "float", "{array}.astype('float64')"));
    if (kind == 'c') return run_python(line_of(file, "real", "{array}.real"), "if the real parts are the labels, ");
  } else if (kind == 'f') {
    const std::optional<ValueRange> range = value_range(InputFile(path), header);
    if (range && (range->not_numbers || !range->whole)) return "numbers of images are whole: is this the right file?";
    if (range && range->lowest >= 0 && range->highest <= 1 && header.size() > 2) {
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
  line.second_suffix = "others";
  return run_python(line, fmt::format("if these are {} images of {}×{} with {} channels, list two files: ", shape[0],
                                      shape[1], shape[2], shape[3]));
}

}  // namespace

std::optional<OtherOrder> other_order(const std::vector<std::int64_t>& shape) {
  if (shape.size() == 3 && shape[2] == 3) return OtherOrder::hwc;
  if (shape.size() != 4 || shape[3] <= 4) return std::nullopt;
  if (are_channels(shape[1]) && shape[2] > 4) return OtherOrder::nchw;
  if (are_channels(shape[2]) && shape[0] == shape[1] && shape[0] > 4) return OtherOrder::hwcn;
  return std::nullopt;
}

void refuse_other_order(const ArrayFile& file, const std::vector<std::int64_t>& shape, OtherOrder order) {
  auto refuse = [&](const char* name, const char* suffix, const char* expression, const std::string& otherwise) {
    throw InputError(fmt::format("{}: the shape {} looks like {}; images must be N×H×W×C", file.path.string(),
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

void refuse_idx_type(const ArrayFile& file, const std::string& type) {
  throw InputError(fmt::format("{} holds {}; images must be uint8, from 0 to 255", file.path.string(), type),
                   stretched(file));
}

void refuse_npy(const fs::path& path, const NpyHeader& header, FileRole role) {
  if (kind_of(header.dtype) == 'O') refuse_objects(path, header, role);
  if (header.shape.empty()) {
    throw InputError(fmt::format("{} holds a single value (shape ()), not an array", path.string()), whole_array);
  }
  if (role == FileRole::images) refuse_image_type(path, header);
  throw InputError(fmt::format("{} holds {}; {} are {}", path.string(), type_name(header.dtype), words(role).plural,
                               words(role).needed),
                   list_advice(path, header, role));
}

void refuse_image_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape) {
  const std::string found = shape.empty() ? "a single value"
                            : shape.size() == 1
                                ? fmt::format("a list of {} value{}", shape[0], shape[0] == 1 ? "" : "s")
                                : fmt::format("{}", fmt::join(shape, "×"));
  const std::string fault =
      fmt::format("{}: images must have the shape N×H×W×C or N×H×W, not {}", file.path.string(), found);
  if (shape.empty()) throw InputError(fault, whole_array);
  if (shape.size() == 1) throw InputError(fault, "a list like this may be the labels: name the file of the images");
  if (shape.size() == 2) {
    auto side = [](std::int64_t pixels) {
      return static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
    };
    const std::int64_t gray = side(shape[1]), color = side(shape[1] / 3);
    if (shape[1] > 1 && gray * gray == shape[1]) {
      throw InputError(fault,
                       run_python(line_of(file, "images", fmt::format("{{array}}.reshape(-1, {0}, {0})", gray))));
    }
    if (shape[1] > 0 && 3 * color * color == shape[1]) {
      throw InputError(
          fault, run_python(line_of(file, "images",
                                    fmt::format("{{array}}.reshape(-1, 3, {0}, {0}).transpose(0, 2, 3, 1)", color)),
                            "if all red values of an image come first, as in CIFAR, "));
    }
  }
  throw InputError(fault, run_python(line_of(file, "images", "{array}.reshape(-1, H, W, C)"),
                                     "put the height, width and channels of your images in the place of H, W and C, "));
}

void refuse_list_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape, FileRole role) {
  const std::string found = shape.empty() ? "()" : fmt::format("{}", fmt::join(shape, "×"));
  const std::string fault = fmt::format("{}: {} are a list (shape N), not an array of shape {}", file.path.string(),
                                        words(role).plural, found);
  if (shape.empty()) throw InputError(fault, whole_array);
  if (std::count_if(shape.begin(), shape.end(), [](std::int64_t n) { return n != 1; }) <= 1) {
    throw InputError(fault, run_python(line_of(file, "list", "{array}.ravel()")));
  }
  if (shape.size() == 2 && role == FileRole::labels) {
    throw InputError(fault,
                     run_python(line_of(file, "int", "{array}.argmax(1)"),
                                "if each row has a 1 at its class (one-hot), or a probability for each class, "));
  }
  throw InputError(fault, fmt::format("an array like this may be the images: name the file {}",
                                      role == FileRole::labels ? "of the labels" : "that lists the image numbers"));
}

void refuse_value(const ArrayFile& file, FileRole role, std::int64_t position, const std::string& value,
                  ValueFault fault) {
  const std::string what = fmt::format("{}: value {} is {}", file.path.string(), position, value);
  switch (fault) {
    case ValueFault::negative:
      throw InputError(
          what + "; labels are 0 or more, and -1 is 'no label'",
          run_python(line_of(file, "int", "np.maximum({array}, -1)"), "if negative numbers mean 'no label', ") +
              "; if each number is a class, " + numbered(file, "classes"));
    case ValueFault::too_large:
      if (role != FileRole::labels)
        throw InputError(what + "; indices of images are smaller",
                         "images are numbered from 0: is this the right file?");
      if (value == "18446744073709551615") {
        throw InputError(what + ", which is -1 as an unsigned number",
                         run_python(line_of(file, "int", "{array}.astype('int64')"), "if it means 'no label', "));
      }
      throw InputError(what + "; labels go up to 9223372036854775807", "if each number is a class, " + numbered(file));
    case ValueFault::not_whole:
      if (!value.starts_with("0."))
        throw InputError(what + "; labels are whole numbers", "if each number is a class, " + numbered(file));
      throw InputError(what + "; labels are whole numbers",
                       run_python(line_of(file, "int", "({array} > 0.5).astype('int64')"),
                                  "if these are probabilities of the second of two classes, "));
    case ValueFault::not_a_number:
      throw InputError(what + "; labels are whole numbers, and -1 is 'no label'",
                       run_python(line_of(file, "int", "np.nan_to_num({array}, nan=-1)"), "if NaN means 'no label', "));
  }
  throw InputError(what, "");
}

}  // namespace latentgrid
