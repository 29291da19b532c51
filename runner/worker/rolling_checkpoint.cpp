#include "worker/rolling_checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/key.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

constexpr const char* seal_file = "seal";
constexpr const char* usage_file = "usage.json";

// Of all names and contents in the folder but the seal's.
std::string seal_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path() != folder / seal_file) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Sha256 hash;
  for (const fs::path& file : files) {
    MappedFile content(file);
    hash.update(fmt::format("{}:{}:", file.lexically_relative(folder).string(), content.bytes().size()));
    hash.update(content.bytes());
  }
  return hash.hex();
}

}  // namespace

void replace_partial(const ArtifactStore& store, const std::string& key, const fs::path& staged,
                     const Usage& usage) {
  const fs::path target = store.partial(key);
  std::ofstream(staged / usage_file) << to_json(usage).dump() << '\n';
  std::ofstream(staged / seal_file) << seal_of(staged);
  fs::create_directories(target.parent_path());
  if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(staged);
    return;
  }
  // Nothing to exchange with yet, or a file system that can't: then a kill in between costs the old checkpoint.
  if (errno != ENOENT && errno != EINVAL && errno != ENOSYS) {
    throw Error(fmt::format("cannot replace {}: {}", target.string(), std::strerror(errno)));
  }
  fs::remove_all(target);
  fs::rename(staged, target);
}

std::optional<fs::path> find_partial(const ArtifactStore& store, const std::string& key) {
  const fs::path folder = store.partial(key);
  if (!fs::exists(folder)) return std::nullopt;
  if (fs::exists(folder / seal_file) && read_file(folder / seal_file) == seal_of(folder)) return folder;
  fmt::print(stderr, "{}: the rolling checkpoint is damaged and will not be used\n", folder.string());
  remove_partial(store, key);
  return std::nullopt;
}

Usage usage_of_partial(const fs::path& partial) {
  return usage_from_json(Json::parse(read_file(partial / usage_file)));
}

void remove_partial(const ArtifactStore& store, const std::string& key) { fs::remove_all(store.partial(key)); }

}  // namespace latentgrid::worker
