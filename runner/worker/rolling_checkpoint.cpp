#include "worker/rolling_checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/file_system.hpp"
#include "base/key.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

constexpr const char* seal_file = "seal";
constexpr const char* usage_file = "usage.json";
constexpr int tries_to_read = 3;  // while somebody else writes

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
  // Nothing to exchange with yet, or a file system that can't: then a kill in between costs the old checkpoint, and so may
  // another worker that does the same.
  std::error_code error;
  fs::remove_all(target, error);
  fs::rename(staged, target, error);
  if (!error) return;
  fmt::print(stderr, "cannot write the rolling checkpoint {}: {}\n", target.string(), error.message());
  fs::remove_all(staged, error);
}

PartialCopy::~PartialCopy() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Usage PartialCopy::usage() const { return usage_from_json(Json::parse(read_file(folder_ / usage_file))); }

std::optional<PartialCopy> find_partial(const ArtifactStore& store, const std::string& key) {
  const fs::path folder = store.partial(key);
  for (int tries = 0; tries < tries_to_read; ++tries) {
    if (!fs::exists(folder)) return std::nullopt;
    PartialCopy copy(store.new_staging_folder());
    std::error_code changed;
    fs::copy(folder, copy.folder(), fs::copy_options::recursive, changed);
    if (!changed && fs::exists(copy.folder() / seal_file) && read_file(copy.folder() / seal_file) == seal_of(copy.folder())) return copy;
  }
  fmt::print(stderr, "{}: the rolling checkpoint is damaged and will not be used\n", folder.string());
  remove_partial(store, key);
  return std::nullopt;
}

void remove_partial(const ArtifactStore& store, const std::string& key) {
  std::error_code ignored;
  fs::remove_all(store.partial(key), ignored);
}

}  // namespace latentgrid::worker
