#include "data/file_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/input_file.hpp"
#include "data/input_error.hpp"
#include "data/value_range.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return shape.empty() ? "()" : fmt::format("{}", fmt::join(shape, "×"));
}

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

// "float32" of "<f4", as numpy calls it.
std::string type_name(const std::string& dtype) {
  static const std::map<char, const char*> kinds{{'i', "int"}, {'u', "uint"}, {'f', "float"}, {'c', "complex"}};
  if (dtype == "|b1") return "booleans";
  if (dtype == "|O") return "Python objects";
  if (dtype.size() < 3) return fmt::format("dtype '{}'", dtype);
  if (dtype[1] == 'U' || dtype[1] == 'S') return "strings";
  const auto kind = kinds.find(dtype[1]);
  if (kind == kinds.end() || dtype.size() != 3) return fmt::format("dtype '{}'", dtype);
  return fmt::format("{}{}", kind->second, 8 * (dtype[2] - '0'));
}

// The separator of a table's columns and whether its first line has their names.
struct Table {
  char separator = ',';
  bool names = false;
  std::ptrdiff_t columns = 1;
};

Table table_of(const std::string& line) {
  Table table;
  for (char separator : {',', ';', '\t', ' '}) {
    const auto count = std::count(line.begin(), line.end(), separator);
    if (count == 0) continue;
    table = {separator, false, count + 1};
    break;
  }
  const std::string first = line.substr(0, line.find(table.separator));
  table.names = first.find_first_not_of("0123456789+-.eE") != std::string::npos;
  return table;
}

std::string loadtxt(const Table& table, const std::string& more) {
  std::string arguments = "{in}";
  if (table.columns > 1) arguments += fmt::format(", delimiter='{}'", table.separator == '\t' ? "\\t" : std::string(1, table.separator));
  if (table.names) arguments += ", skiprows=1";
  return fmt::format("np.loadtxt({}{})", arguments, more);
}

std::string advice_for_table(const fs::path& path, const std::string& line, FileRole role) {
  const Table table = table_of(line);
  if (role == FileRole::images) {
    return "if a row is an image of 28×28 pixels behind its label: " +
           python_line(path, "", loadtxt(table, ", dtype='uint8'") + "[:, 1:].reshape(-1, 28, 28)");
  }
  const std::string column = table.columns > 1 ? fmt::format(", usecols={}", table.columns - 1) : "";
  return python_line(path, "", loadtxt(table, column) + ".astype('int64')");
}

std::string advice_for_folder(const fs::path& path, const FileContent& content, FileRole role) {
  for (const std::string& name : content.names) {
    const std::string extension = fs::path(name).extension();
    if (extension == ".npy" || extension == ".gz" || name.find("-ubyte") != std::string::npos) {
      return fmt::format("name the file, or several in a list; the folder holds {}", listed(content.names));
    }
    if (role == FileRole::images && (extension == ".png" || extension == ".jpg" || extension == ".jpeg")) {
      return python_line(path, "",
                         "np.stack([np.array(Image.open(f).convert('RGB')) for f in sorted(glob.glob({in} + '/*" + extension +
                             "'))])",
                         "import glob; from PIL import Image; ");
    }
  }
  return content.names.empty() ? "name a file; the folder is empty" : fmt::format("name a file; the folder holds {}", listed(content.names));
}

std::string advice_for_gzip(const fs::path& path, const FileContent& content) {
  if (content.inside == FileKind::archive) return fmt::format("unpack it: tar xf {}", path.string());
  return fmt::format("decompress it: gunzip -k {}", path.string());
}

std::string files_that_are_read(FileRole role) {
  return fmt::format("{} are read from .npy, IDX and IDX.gz files", words(role).plural);
}

struct Described {
  std::string is;      // "is a folder"
  std::string advice;  // may be empty
};

// Files that hold arrays, of formats that Python reads.
Described described_container(const fs::path& path, const FileContent& content) {
  auto python = [&](const std::string& expression, const std::string& imports = "") {
    return python_line(path, "", expression, imports);
  };
  switch (content.kind) {
    case FileKind::npz:
      return {fmt::format("is an .npz archive with the array{} {}", content.names.size() == 1 ? "" : "s", listed(content.names)),
              python(fmt::format("np.load({{in}})['{}']", content.names.front()))};
    case FileKind::pytorch:
      return {"is a PyTorch file", python("torch.load({in}).numpy()", "import torch; ")};
    case FileKind::pickle:
      return {"is a Python pickle", "if it holds an array: " + python("np.asarray(pickle.load(open({in}, 'rb'), encoding='latin1'))",
                                                                        "import pickle; ")};
    case FileKind::hdf5:
      return {"is " + content.detail, "replace NAME by the name of the data set: " +
                                          python("h5py.File({in})['NAME'][:]", "import h5py; ")};
    case FileKind::matlab:
      return {"is " + content.detail, "replace NAME by the name of the variable: " +
                                          python("scipy.io.loadmat({in})['NAME'].squeeze()", "import scipy.io; ")};
    case FileKind::parquet:
      return {"is " + content.detail, "replace NAME by the name of the column: " +
                                          python("pd.read_parquet({in})['NAME'].to_numpy()", "import pandas as pd; ")};
    default:
      return {"is a JSON file", python("np.array(json.load(open({in})))", "import json; ")};
  }
}

std::string advice_for_picture(const fs::path& path) {
  const fs::path folder = path.parent_path();
  return "put all pictures into one array: " +
         python_line(folder / ("*" + path.extension().string()), "",
                     "np.stack([np.array(Image.open(f).convert('RGB')) for f in sorted(glob.glob({in}))])",
                     "import glob; from PIL import Image; ", folder / "images.npy");
}

Described described(const fs::path& path, const FileContent& content, FileRole role) {
  switch (content.kind) {
    case FileKind::npz:
    case FileKind::pytorch:
    case FileKind::pickle:
    case FileKind::hdf5:
    case FileKind::matlab:
    case FileKind::parquet:
    case FileKind::json:
      return described_container(path, content);
    case FileKind::gzip:
      return {fmt::format("is {}, compressed with gzip", content.detail.empty() ? "a file" : content.detail),
              advice_for_gzip(path, content)};
    case FileKind::zip:
      return {fmt::format("is {}{}{}", content.detail, content.names.empty() ? "" : " with ", listed(content.names)),
              fmt::format("unpack it: unzip {}", path.string())};
    case FileKind::archive:
      return {"is " + content.detail, "unpack it first"};
    case FileKind::image:
      return {fmt::format("is {}, a single picture", content.detail), advice_for_picture(path)};
    case FileKind::csv:
      return {fmt::format("is a table in text form; its first line is '{}'", content.detail),
              advice_for_table(path, content.detail, role)};
    case FileKind::html:
      return {fmt::format("is an HTML page{}, not data", content.detail.empty() ? "" : fmt::format(" ('{}')", content.detail)),
              "the download fetched a web page: download the file again, in a browser if need be"};
    case FileKind::lfs_pointer:
      return {content.size > 0 ? fmt::format("is a Git LFS pointer; the {} bytes that it stands for were not fetched", content.size)
                               : "is a Git LFS pointer; the data was not fetched",
              fmt::format("fetch them: git -C {} lfs pull", path.parent_path().string())};
    case FileKind::text:
      return {fmt::format("is a text file; its first line is '{}'", content.detail), files_that_are_read(role)};
    case FileKind::folder:
      return {"is a folder", advice_for_folder(path, content, role)};
    case FileKind::empty:
      return {"is empty (0 bytes)", "the download or copy did not finish: get the file again"};
    case FileKind::damaged:
      return {fmt::format("is {} that was damaged when it was copied, sent or saved as text", content.detail), get_it_again};
    case FileKind::special:
      return {"is not a regular file", "copy the data into a file"};
    default:
      return {"has an unknown format", files_that_are_read(role)};
  }
}

std::string uint8_line(const fs::path& path, const ValueRange& range, bool whole) {
  if (range.lowest < -1 || range.highest > 255 || (range.lowest < 0 && range.highest > 1)) {
    return "this stretches the values to 0 to 255: " +
           python_line(path, "uint8",
                       "(lambda x: (x - x.min()) / (x.max() - x.min()) * 255)(np.load({in})).round().astype('uint8')");
  }
  const char* scaled = range.lowest < 0      ? "((np.load({in}) + 1) * 127.5).round().astype('uint8')"
                       : range.highest <= 1 ? "(np.load({in}) * 255).round().astype('uint8')"
                       : whole              ? "np.load({in}).astype('uint8')"
                                            : "np.load({in}).round().astype('uint8')";
  return python_line(path, "uint8", scaled);
}

[[noreturn]] void refuse_image_type(const fs::path& path, const NpyHeader& header) {
  const std::string type = type_name(header.dtype);
  const char* needed = "images must be uint8, from 0 to 255";
  if (header.dtype == "|b1") {
    throw InputError(fmt::format("{} holds {}; {}", path.string(), type, needed),
                     python_line(path, "uint8", "np.load({in}).astype('uint8') * 255"));
  }
  const std::optional<ValueRange> range = value_range(InputFile(path), header);
  if (!range) {
    const bool half = header.dtype == "<f2" || header.dtype[0] == '>';
    throw InputError(fmt::format("{} holds {}; {}", path.string(), type, needed),
                     half ? "if the values go from 0 to 1: " + python_line(path, "uint8", "(np.load({in}) * 255).round().astype('uint8')")
                          : std::string());
  }
  const std::string values =
      fmt::format("{} from {:.6g} to {:.6g}{}", type, range->lowest, range->highest, range->not_numbers ? ", and NaN" : "");
  if (range->not_numbers) {
    throw InputError(fmt::format("{} holds {}; {}", path.string(), values, needed), "find out first where the NaN values come from");
  }
  throw InputError(fmt::format("{} holds {}; {}", path.string(), values, needed),
                   uint8_line(path, *range, header.dtype[1] != 'f'));
}

}  // namespace

RoleWords words(FileRole role) {
  switch (role) {
    case FileRole::images: return {"images", "uint8"};
    case FileRole::labels: return {"labels", "whole numbers"};
    case FileRole::indices: break;
  }
  return {"indices of images", "integers, or booleans"};
}

std::string python_line(const fs::path& path, const std::string& suffix, std::string expression, const std::string& imports,
                        const fs::path& target) {
  std::string in = path.string(), out = target.string();
  if (out.empty()) out = (path.parent_path() / path.stem()).string() + (suffix.empty() ? "" : "_" + suffix) + ".npy";
  if (out == in) out.insert(out.size() - 4, "_new");
  // Other names would need quotes of two languages.
  if ((in + out).find_first_of("'\"$`\\!\n") != std::string::npos) in = "FILE", out = "FILE_new.npy";
  for (std::size_t at; (at = expression.find("{in}")) != std::string::npos;) expression.replace(at, 4, "'" + in + "'");
  return fmt::format("python3 -c \"import numpy as np; {}np.save('{}', {})\"", imports, out, expression);
}

void refuse(const fs::path& path, const FileContent& content, FileRole role) {
  if (content.kind == FileKind::absent || content.kind == FileKind::unreadable) {
    throw InputError(content.detail.find(path.string()) != std::string::npos
                         ? content.detail
                         : fmt::format("cannot read {}: {}", path.string(), content.detail),
                     "");
  }
  const Described found = described(path, content, role);
  throw InputError(fmt::format("{} {}", path.string(), found.is), found.advice);
}

void refuse_npy(const fs::path& path, const NpyHeader& header, FileRole role) {
  const std::string type = type_name(header.dtype);
  if (header.dtype == "|O") {
    throw InputError(fmt::format("{} holds Python objects (a pickle inside an .npy file), not numbers", path.string()),
                     header.shape.empty()
                         ? fmt::format("np.load('{}', allow_pickle=True).item() shows what was saved; save its arrays one by one",
                                       path.string())
                     : role == FileRole::images
                         ? python_line(path, "uint8", "np.stack(list(np.load({in}, allow_pickle=True))).astype('uint8')")
                         : python_line(path, "int", "np.unique(np.load({in}, allow_pickle=True).astype(str), return_inverse=True)[1]"));
  }
  if (header.shape.empty()) {
    throw InputError(fmt::format("{} holds a single value (shape ()), not an array", path.string()),
                     "np.save was given one number: save the whole array");
  }
  if (role == FileRole::images) refuse_image_type(path, header);
  if (type == "strings" && role == FileRole::labels) {
    throw InputError(fmt::format("{} holds strings; labels are whole numbers", path.string()),
                     "this numbers the classes in alphabetical order: " +
                         python_line(path, "int", "np.unique(np.load({in}), return_inverse=True)[1]"));
  }
  const bool real = header.dtype.size() == 3 && header.dtype[1] == 'f';
  throw InputError(fmt::format("{} holds {}; {} are {}", path.string(), type, words(role).plural, words(role).needed),
                   real ? python_line(path, "int", "np.load({in}).astype('int64')") : std::string());
}

void refuse_image_shape(const fs::path& path, const std::vector<std::int64_t>& shape) {
  const std::string found = shape.empty()       ? "a single value"
                            : shape.size() == 1 ? fmt::format("a list of {} value{}", shape[0], shape[0] == 1 ? "" : "s")
                                                : shape_text(shape);
  const std::string fault = fmt::format("{}: images must have the shape N×H×W×C or N×H×W, not {}", path.string(), found);
  if (shape.size() == 4) {
    throw InputError(fmt::format("{}: the shape {} looks like N×C×H×W; images must be N×H×W×C", path.string(), shape_text(shape)),
                     python_line(path, "nhwc", "np.load({in}).transpose(0, 2, 3, 1)"));
  }
  if (shape.size() == 3) {
    throw InputError(fmt::format("{}: the shape {} looks like one image H×W×C; images must be N×H×W×C", path.string(), shape_text(shape)),
                     python_line(path, "images", "np.load({in})[np.newaxis]"));
  }
  if (shape.size() == 2) {
    auto side = [](std::int64_t pixels) { return static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(pixels)))); };
    const std::int64_t gray = side(shape[1]), color = side(shape[1] / 3);
    if (shape[1] > 0 && gray * gray == shape[1]) {
      throw InputError(fault, python_line(path, "images", fmt::format("np.load({{in}}).reshape(-1, {0}, {0})", gray)));
    }
    if (shape[1] > 0 && 3 * color * color == shape[1]) {
      throw InputError(fault, "if all red values of an image come first, as in CIFAR: " +
                                  python_line(path, "images",
                                              fmt::format("np.load({{in}}).reshape(-1, 3, {0}, {0}).transpose(0, 2, 3, 1)", color)));
    }
    throw InputError(fault, "np.load(...).reshape(-1, H, W, C) with the height, width and channels of your images");
  }
  throw InputError(fault, shape.empty()       ? "np.save was given one number: save the whole array"
                          : shape.size() == 1 ? "a list like this may be the labels"
                                              : "");
}

void refuse_list_shape(const fs::path& path, const std::vector<std::int64_t>& shape, FileRole role) {
  const std::string fault = fmt::format("{}: {} are a list (shape N), not an array of shape {}", path.string(),
                                        words(role).plural, shape_text(shape));
  if (shape.empty()) throw InputError(fault, "np.save was given one number: save the whole array");
  if (shape.size() == 2 && role == FileRole::labels && shape[0] > 1) {
    throw InputError(fault, "if each row has a 1 at its class (one-hot), or a probability for each class: " +
                                python_line(path, "int", "np.load({in}).argmax(1)"));
  }
  throw InputError(fault, python_line(path, "list", "np.load({in}).ravel()"));
}

void refuse_value(const fs::path& path, FileRole role, std::int64_t position, const std::string& value, ValueFault fault) {
  const std::string what = fmt::format("{}: value {} is {}", path.string(), position, value);
  const std::string renumber = "renumber the classes from 0: " +
                               python_line(path, "int", "np.unique(np.load({in}), return_inverse=True)[1]");
  switch (fault) {
    case ValueFault::negative:
      throw InputError(what + "; labels are 0 or more, and -1 is 'no label'", renumber);
    case ValueFault::too_large:
      throw InputError(fmt::format("{}; {} go up to 9223372036854775807", what, words(role).plural),
                       role == FileRole::labels ? renumber : std::string());
    case ValueFault::not_whole:
      throw InputError(fmt::format("{}; {} are whole numbers", what, words(role).plural),
                       "if these are probabilities of the second of two classes: " +
                           python_line(path, "int", "(np.load({in}) > 0.5).astype('int64')"));
    case ValueFault::not_a_number:
      throw InputError(fmt::format("{}; {} are whole numbers, and -1 is 'no label'", what, words(role).plural),
                       python_line(path, "int", "np.nan_to_num(np.load({in}), nan=-1).astype('int64')"));
  }
  throw InputError(what, "");
}

}  // namespace latentgrid
