#include "data/file_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <vector>

#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "data/formats.hpp"
#include "data/input_stream.hpp"
#include "data/shell_line.hpp"
#include "data/text_table.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* web_page_again =
    "the download fetched a web page: download the file again, in a browser if need be";

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string files_that_are_read(FileRole role) {
  return fmt::format("{} are read from {}", words(role).plural, formats_that_hold(role));
}

// Arrays of one container become files of different names.
PythonLine container_line(const fs::path& path, FileRole role, const std::string& expression,
                          const std::string& imports = "") {
  const std::string suffix = words(role).suffix;
  const bool named = path.stem().string().find(suffix) != std::string::npos;
  return {.in = path, .suffix = named ? "" : suffix, .expression = expression, .imports = imports};
}

std::string with_name(const std::string& what, const fs::path& path, FileRole role, const std::string& expression,
                      const std::string& imports) {
  return run_python(container_line(path, role, expression, imports),
                    fmt::format("put the name of the {} in the place of NAME, ", what));
}

// CIFAR-10's batches are dictionaries; what begins with another is likely to be one, too.
std::string advice_for_pickle(const fs::path& path, const FileContent& content, FileRole role) {
  const std::string load = "pickle.load(open({in}, 'rb'), encoding='latin1')";
  const std::string trust = "if you trust the file (a pickle can run programs), ";
  if (content.start.find("batch_label") != std::string::npos || path.stem().string().starts_with("data_batch")) {
    return trust + run_python(container_line(
                       path, role,
                       load + (role == FileRole::images ? "['data'].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)"
                                                        : "['labels']"),
                       "import pickle; "));
  }
  return trust + run_python(container_line(path, role, fmt::format("np.asarray({})", load), "import pickle; "),
                            "and it holds a single array, ");
}

std::string advice_for_hdf5(const fs::path& path, const FileContent& content, FileRole role) {
  const bool matlab = content.detail.find("MATLAB") != std::string::npos;  // which counts axes the other way round
  const std::string name = matlab ? "variable" : "data set";
  return "with python3-h5py installed, " +
         with_name(name, path, role, matlab ? "h5py.File({in})['NAME'][:].T" : "h5py.File({in})['NAME'][:]",
                   "import h5py; ");
}

std::string advice_for_container(const fs::path& path, const FileContent& content, FileRole role) {
  switch (content.kind) {
    case FileKind::pytorch:
      return run_python(
          container_line(path, role, "torch.load({in}, map_location='cpu').detach().numpy()", "import torch; "),
          "if it holds one tensor (put ['NAME'] or [0] behind torch.load(...) for one of several), ");
    case FileKind::pickle:
      return advice_for_pickle(path, content, role);
    case FileKind::hdf5:
      return advice_for_hdf5(path, content, role);
    case FileKind::matlab:
      return with_name("variable", path, role, "scipy.io.loadmat({in})['NAME'].squeeze()", "import scipy.io; ");
    case FileKind::parquet:
      return with_name("column", path, role,
                       role == FileRole::images ? "np.stack(pd.read_parquet({in})['NAME'])"
                                                : "np.array(pd.read_parquet({in})['NAME'].tolist())",
                       "import pandas as pd; ");
    case FileKind::excel:
      return with_name("column", path, role, "np.array(pd.read_excel({in})['NAME'].tolist())", "import pandas as pd; ");
    default:
      return run_python(container_line(path, role, "np.array(json.load(open({in})))", "import json; "),
                        "if it is one list, ");
  }
}

std::string advice_for_gzip(const fs::path& path, const FileContent& content) {
  const FileKind inside = content.inside.value_or(FileKind::unknown);
  if (inside == FileKind::empty || inside == FileKind::damaged) return get_it_again;
  if (inside == FileKind::html) return web_page_again;
  const std::string file = shell_word(path.string());
  if (inside == FileKind::archive) return fmt::format("unpack it: tar xf {}", file);
  if (path.extension() == ".gz")
    return fmt::format("decompress it, and use the file without .gz instead: gunzip -k {}", file);
  return fmt::format("decompress it, and use the new file instead: gunzip < {} > {}", file,
                     shell_word((path.parent_path() / path.stem()).string() + "_unpacked" + path.extension().string()));
}

std::string advice_for_archive(const fs::path& path, const FileContent& content) {
  const std::string file = shell_word(path.string());
  for (const auto& [name, program] : {std::pair{"tar", "tar xf"},
                                      {"bzip2", "bunzip2 -k"},
                                      {"xz", "unxz -k"},
                                      {"zstd", "unzstd"},
                                      {"7-Zip", "7z x"},
                                      {"RAR", "unrar x"}}) {
    if (content.detail.find(name) != std::string::npos) return fmt::format("unpack it: {} {}", program, file);
  }
  return "unpack it: unzip " + file;
}

std::string advice_for_folder(const FileContent& content, FileRole role) {
  if (content.names.empty()) return "name a file; the folder is empty";
  for (const std::string& name : content.names) {
    const std::string extension = fs::path(name).extension().string();
    if (extension == ".npy" || extension == ".gz" || extension == ".bin" || name.find("-ubyte") != std::string::npos) {
      return fmt::format("name the file{}; the folder holds {}",
                         role == FileRole::indices ? "" : ", or several in a list", listed(content.names));
    }
  }
  return fmt::format("name a file{}; the folder holds {}",
                     role == FileRole::images ? ", or a folder with PNG or JPEG pictures in it or in its folders" : "",
                     listed(content.names));
}

std::string advice_for_picture(const fs::path& path, const FileContent& content) {
  if (content.detail != "a PNG image" && content.detail != "a JPEG image") return "convert your pictures to PNG, and name their folder";
  return fmt::format("name the folder that holds the pictures: images: {}",
                     path.has_parent_path() ? path.parent_path().string() : ".");
}

std::string advice_for_video(const fs::path& path) {
  return fmt::format(
      "save its frames as pictures, and name their folder here: mkdir frames && ffmpeg -i {} frames/%06d.png",
      shell_word(path.string()));
}

std::string advice(const fs::path& path, const FileContent& content, FileRole role) {
  switch (content.kind) {
    case FileKind::pytorch:
    case FileKind::pickle:
    case FileKind::hdf5:
    case FileKind::matlab:
    case FileKind::parquet:
    case FileKind::excel:
    case FileKind::json:
      return advice_for_container(path, content, role);
    case FileKind::gzip:
      return advice_for_gzip(path, content);
    case FileKind::zip:
    case FileKind::archive:
      return advice_for_archive(path, content);
    case FileKind::image:
      return role == FileRole::images ? advice_for_picture(path, content) : files_that_are_read(role);
    case FileKind::video:
      return role == FileRole::images ? advice_for_video(path) : files_that_are_read(role);
    case FileKind::csv:
      return role == FileRole::images ? advice_for_image_table(path, content) : files_that_are_read(role);
    case FileKind::html:
      return web_page_again;
    case FileKind::lfs_pointer:
      return fmt::format("fetch them: git -C {} lfs pull",
                         shell_word(path.has_parent_path() ? path.parent_path().string() : "."));
    case FileKind::folder:
      return advice_for_folder(content, role);
    case FileKind::empty:
    case FileKind::damaged:
      return get_it_again;
    case FileKind::special:
      return "copy the data into a file";
    default:
      return files_that_are_read(role);
  }
}

std::string what_is_inside(const FileContent& content) {
  switch (content.inside.value_or(FileKind::unknown)) {
    case FileKind::html:
      return "an HTML page";
    case FileKind::csv:
      return "a table in text form";
    case FileKind::json:
      return "a JSON file";
    case FileKind::text:
      return "a text file";
    case FileKind::empty:
      return "an empty file";
    case FileKind::unknown:
      return "a file of an unknown format";
    default:
      return content.detail;
  }
}

std::string what_gzip_is(const FileContent& content) {
  if (content.inside == FileKind::damaged && content.detail.empty()) return "is a gzip file that is cut off or damaged";
  return fmt::format("is {}, compressed with gzip", what_is_inside(content));
}

}  // namespace

std::string what_it_is(const FileContent& content) {
  switch (content.kind) {
    case FileKind::npz:
      return fmt::format("is an .npz archive with the array{} {}", content.names.size() == 1 ? "" : "s",
                         listed(content.names));
    case FileKind::pytorch:
      return "is a PyTorch file";
    case FileKind::excel:
      return "is an Excel workbook";
    case FileKind::json:
      return "is a JSON file";
    case FileKind::gzip:
      return what_gzip_is(content);
    case FileKind::zip:
      return fmt::format("is {}{}{}", content.detail, content.names.empty() ? "" : " with ", listed(content.names));
    case FileKind::image:
      return fmt::format("is {}, a single picture", content.detail);
    case FileKind::csv:
      return fmt::format("is a table in text form; its first line is '{}'", content.detail);
    case FileKind::html:
      return fmt::format("is an HTML page{}, not data",
                         content.detail.empty() ? "" : fmt::format(" ('{}')", content.detail));
    case FileKind::lfs_pointer:
      return content.size > 0
                 ? fmt::format("is a Git LFS pointer; the {} bytes that it stands for were not fetched", content.size)
                 : "is a Git LFS pointer; the data was not fetched";
    case FileKind::text:
      return fmt::format("is a text file; its first line is '{}'", content.detail);
    case FileKind::folder:
      return "is a folder";
    case FileKind::empty:
      return "is empty (0 bytes)";
    case FileKind::damaged:
      return fmt::format("is {} that was damaged when it was copied, sent or saved as text", content.detail);
    case FileKind::special:
      return "is not a regular file";
    case FileKind::unknown:
      return "has an unknown format";
    default:
      return "is " + content.detail;
  }
}

void refuse(const fs::path& path, const FileContent& content, FileRole role) {
  if (content.kind == FileKind::absent || content.kind == FileKind::unreadable) {
    throw HintedError(content.detail.find(path.string()) != std::string::npos
                         ? content.detail
                         : fmt::format("cannot read {}: {}", path.string(), content.detail),
                     content.advice);
  }
  throw HintedError(fmt::format("{} {}", path.string(), what_it_is(content)), advice(path, content, role));
}

}  // namespace latentgrid
