#include "spec/data_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.hpp"
#include "data/what_is.hpp"
#include "spec/file_names.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string what_it_holds(const FileContent& folder) {
  return folder.names.empty() ? "it is empty" : fmt::format("it holds {}", fmt::join(folder.names, ", "));
}

bool is_folder(const fs::path& path, const FileContent& content, const SourcePosition& option, Reader& reader) {
  if (content.kind == FileKind::folder) return true;
  if (content.kind == FileKind::absent) {
    reader.error(option, fmt::format("there is no folder {}", path.string()), "a relative path begins at the current folder");
  } else if (content.kind == FileKind::unreadable) {
    reader.error(option, content.detail, content.advice);
  } else {
    reader.error(option, fmt::format("{} is not a folder", path.string()), "--data takes the folder that holds trainX.npy");
  }
  return false;
}

std::optional<FolderFiles> visualization_files(const fs::path& folder, const FileContent& content,
                                               const SourcePosition& option, Reader& reader) {
  if (!is_file(folder / "visualization.npy")) {
    reader.error(option,
                 fmt::format("the folder has no visualization.npy, which a figure of the report shows; {}", what_it_holds(content)),
                 "remove the figure's dataset: it then shows the sweep's own images");
    return std::nullopt;
  }
  FolderFiles files{"visualization", {folder / "visualization.npy"}, {}};
  if (is_file(folder / "visualizationY.npy")) files.labels = folder / "visualizationY.npy";
  return files;
}

}  // namespace

std::optional<FolderFiles> files_of_folder(const fs::path& path, DataFolder wanted, const SourcePosition& option,
                                           Reader& reader) {
  const fs::path folder = fs::absolute(path).lexically_normal();
  if (!is_utf8(folder.string())) {
    reader.error(option, fmt::format("the folder's name {} is not UTF-8", shown_as_utf8(folder.string())), "rename the folder");
    return std::nullopt;
  }
  const FileContent content = what_is(folder);
  if (!is_folder(folder, content, option, reader)) return std::nullopt;
  if (wanted == DataFolder::visualization) return visualization_files(folder, content, option, reader);
  FolderFiles files{(folder.has_filename() ? folder : folder.parent_path()).filename().string(), {}, {}};
  for (const char* name : {"trainX.npy", "trainX_new.npy"}) {
    if (files.images.empty() && is_file(folder / name)) files.images = {folder / name};
  }
  if (files.images.empty()) {
    reader.error(option, fmt::format("the folder has no trainX.npy; {}", what_it_holds(content)),
                 "it needs trainX.npy (or trainX_new.npy), with trainY.npy, or with valX.npy and valY.npy");
    return std::nullopt;
  }
  if (is_file(folder / "trainY.npy")) {
    files.labels = folder / "trainY.npy";
  } else if (is_file(folder / "valX.npy") && is_file(folder / "valY.npy")) {
    files.images.push_back(folder / "valX.npy");
    files.labels = folder / "valY.npy";
  }
  return files;
}

}  // namespace latentgrid
