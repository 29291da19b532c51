#include "base/access.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// The first folder on the way that may not be entered.
std::optional<fs::path> closed_folder(const fs::path& path) {
  fs::path folder;
  for (const fs::path& part : path.parent_path()) {
    folder /= part;
    if (::access(folder.c_str(), F_OK) != 0) return std::nullopt;
    if (::access(folder.c_str(), X_OK) != 0) return folder;
  }
  return std::nullopt;
}

// Where a new file or folder of this path would be made.
fs::path folder_there_is(const fs::path& path) {
  fs::path folder = path.parent_path();
  while (!folder.empty() && ::access(folder.c_str(), F_OK) != 0) folder = folder.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

std::string in_quotes(const fs::path& path) {
  std::string text;
  for (const char c : path.string()) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + text + "'";
}

// "chmod u+r FILE" for the owner.
std::string who_can_allow(const fs::path& path, const char* mode) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return "";
  if (info.st_uid == ::geteuid()) return fmt::format("allow it, as it is yours: chmod u+{} {}", mode, in_quotes(path));
  return fmt::format("ask {}, who owns {}, for permission", owner_of(path), path.string());
}

// A file that may be written is replaced by a new one, which its folder does not take.
HintedError unwritable(const fs::path& path, int error) {
  const bool closed = ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), W_OK) != 0;
  const fs::path folder = folder_there_is(path);
  const std::string where = closed ? "" : fmt::format(": no file can be made in the folder {}", folder.string());
  if (error == EROFS) {
    return {fmt::format("{} cannot be written: its file system is read-only", path.string()), "choose another place"};
  }
  return {fmt::format("you have no permission to write {}{}", path.string(), where),
          fmt::format("choose another place, or {}", closed ? who_can_allow(path, "w") : who_can_allow(folder, "w"))};
}

}  // namespace

std::string owner_of(const fs::path& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return "another user";
  struct passwd entry, *found = nullptr;
  std::array<char, 1 << 14> buffer;
  const bool known = ::getpwuid_r(info.st_uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
  return known ? entry.pw_name : fmt::format("user {}", info.st_uid);
}

HintedError access_error(const fs::path& path, Access access, int error) {
  const char* verb = access == Access::read ? "read" : "write";
  if (error == EACCES) {
    if (const auto folder = closed_folder(path)) {
      return {fmt::format("you have no permission to {} {}: the folder {} is closed to you", verb, path.string(),
                          folder->string()),
              who_can_allow(*folder, access == Access::write && *folder == path.parent_path() ? "rwx" : "rx")};
    }
    if (access == Access::read) {
      std::error_code none;
      return {fmt::format("you have no permission to read {}", path.string()),
              who_can_allow(path, fs::is_directory(path, none) ? "rx" : "r")};
    }
  }
  if (access == Access::write && (error == EACCES || error == EROFS)) return unwritable(path, error);
  return {fmt::format("cannot {} {}: {}", verb, path.string(), std::strerror(error)), ""};
}

}  // namespace latentgrid
