#include "spec/file_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "data/input_error.hpp"
#include "data/what_is.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

fs::path with_home(const std::string& written) {
  const char* home = std::getenv("HOME");
  const bool at_home = written == "~" || written.starts_with("~/");
  return home && at_home ? fs::path(home) / written.substr(std::min<std::size_t>(2, written.size())) : fs::path(written);
}

namespace {

std::string hint_for_absent(const std::string& written, const fs::path& path) {
  std::error_code error;
  if (path.string().find("/fashion-mnist/") != std::string::npos) {
    return "Debian has it: apt-get install dataset-fashion-mnist";
  }
  if (written.starts_with("~") && written != "~" && !written.starts_with("~/")) {
    return "only ~/ is known, your own home folder: write the whole path";
  }
  std::vector<std::string> names;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
    if (std::string name = entry->path().filename().string(); is_utf8(name)) names.push_back(std::move(name));
  }
  const std::string meant = closest_match(path.filename().string(), names);
  if (!meant.empty()) return fmt::format("did you mean '{}'?", (fs::path(written).parent_path() / meant).string());
  if (written.starts_with("~/")) return fmt::format("~ is your home folder, {}", with_home("~").string());
  if (fs::path(written).is_absolute()) return "";
  return "paths are relative to the sweep file";
}

}  // namespace

bool is_utf8(const std::string& text) {
  try {
    Json(text).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

std::string shown_as_utf8(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<fs::path> existing_file(const std::string& written, const fs::path& folder, FileRole role,
                                      const SourcePosition& where, Reader& reader) {
  const fs::path path = (folder / with_home(written)).lexically_normal();
  if (!is_utf8(path.string())) {
    reader.error(where, fmt::format("the file name {} is not UTF-8", shown_as_utf8(path.string())),
                 "rename the file, and save the sweep file as UTF-8");
    return std::nullopt;
  }
  std::error_code error;
  if (fs::is_regular_file(path, error)) return path;
  const FileContent content = what_is(path);
  if (content.kind == FileKind::absent) {
    reader.error(where, fmt::format("no such file: {}", path.string()), hint_for_absent(written, path));
    return std::nullopt;
  }
  try {
    refuse(path, content, role);
  } catch (const InputError& problem) {
    reader.error(where, problem.what(), problem.hint());
  }
  return std::nullopt;
}

}  // namespace latentgrid
