#include "spec/file_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "base/hinted_error.hpp"
#include "data/image_source.hpp"
#include "data/input_name.hpp"
#include "data/picture_folder.hpp"
#include "data/what_is.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

fs::path with_home(const std::string& written) {
  const char* home = std::getenv("HOME");
  const bool at_home = written == "~" || written.starts_with("~/");
  return home && at_home ? fs::path(home) / written.substr(std::min<std::size_t>(2, written.size())) : fs::path(written);
}

namespace {

std::string what_is_in(const fs::path& folder, std::vector<std::string> names) {
  constexpr std::size_t most_names = 6;
  std::error_code none;
  if (!fs::exists(folder, none)) return fmt::format("there is no folder {}", folder.string());
  std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
  if (names.empty()) return "its folder holds no files";
  std::sort(names.begin(), names.end());
  const bool more = names.size() > most_names;
  names.resize(std::min(names.size(), most_names));
  return fmt::format("its folder holds {}{}", fmt::join(names, ", "), more ? ", ..." : "");
}

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
  const std::string where = written.starts_with("~/")           ? fmt::format("~ is your home folder, {}", with_home("~").string())
                            : fs::path(written).is_absolute() ? ""
                                                              : "a relative path begins at the folder of the sweep file";
  const std::string around = what_is_in(path.parent_path(), names);
  return where.empty() ? around : fmt::format("{}; {}", around, where);
}

}  // namespace

std::string shown_as_utf8(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

// The path, if something is there; otherwise what is wrong has been said.
std::optional<fs::path> existing_path(const std::string& written, const fs::path& folder, const std::string& expected,
                                      const SourcePosition& where, Reader& reader) {
  fs::path path = (folder / with_home(written)).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // photos/
  if (!is_utf8(path.string())) {
    reader.error(where, fmt::format("the file name {} is not UTF-8", shown_as_utf8(path.string())),
                 "rename the file, and save the sweep file as UTF-8");
    return std::nullopt;
  }
  if (what_is(input_name(path).file).kind != FileKind::absent) return path;
  std::string hint = hint_for_absent(written, path);
  if (!expected.empty() && !hint.starts_with("did you mean")) hint = expected;
  reader.error(where, fmt::format("no such file: {}", path.string()), hint);
  return std::nullopt;
}

}  // namespace

std::optional<fs::path> existing_file(const std::string& written, const fs::path& folder, FileRole role,
                                      const SourcePosition& where, Reader& reader) {
  std::optional<fs::path> path = existing_path(written, folder, "", where, reader);
  std::error_code error;
  if (!path || fs::is_regular_file(input_name(*path).file, error)) return path;
  if (role != FileRole::indices && fs::is_directory(*path, error) && holds_pictures(*path)) return path;
  try {
    refuse(*path, what_is(*path), role);
  } catch (const HintedError& problem) {
    reader.error(where, problem.what(), problem.hint());
  }
  return std::nullopt;
}

std::optional<TextFile> existing_text(const std::string& written, const fs::path& folder, const std::string& expected,
                                      const SourcePosition& where, Reader& reader) {
  const std::optional<fs::path> path = existing_path(written, folder, expected, where, reader);
  if (!path) return std::nullopt;
  const FileContent content = what_is(*path);
  try {
    if (content.kind == FileKind::unreadable) {
      reader.error(where, content.detail, content.advice.empty() ? expected : content.advice);
      return std::nullopt;
    }
    if (!may_be_text(content.kind)) {
      reader.error(where, fmt::format("{} {}", path->string(), what_it_is(content)), expected);
      return std::nullopt;
    }
    std::string text = read_text_file(*path);
    if (text.find('\0') == std::string::npos) return TextFile{*path, std::move(text)};
    reader.error(where, fmt::format("{} is not a text file", path->string()), expected);
  } catch (const Error& problem) {
    reader.error(where, problem.what(), expected);
  }
  return std::nullopt;
}

}  // namespace latentgrid
