#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "data/dataset.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

std::string entry_name(const std::vector<fs::path>& files, const std::string& what) {
  Json name = Json::array({what});
  for (const fs::path& file : files) name.push_back(file.string());
  return name.dump();
}

// What changes whenever a file is written anew; nothing if a file is absent.
std::optional<Json> stamp(const std::vector<fs::path>& files) {
  Json stamps = Json::array();
  for (const fs::path& file : files) {
    struct stat info;
    if (::stat(file.c_str(), &info) != 0) return std::nullopt;
    stamps.push_back({info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ino});
  }
  return stamps;
}

}  // namespace

DigestCache::DigestCache(const fs::path& file) {
  if (!fs::exists(file)) return;
  try {
    Json entries = Json::parse(read_file(file));
    if (entries.is_object()) entries_ = std::move(entries);
  } catch (const std::exception&) {
    // A damaged cache costs reading the files again, nothing else.
  }
}

std::optional<std::string> DigestCache::find(const std::vector<fs::path>& files, const std::string& what) const {
  auto entry = entries_.find(entry_name(files, what));
  if (entry == entries_.end() || !entry->is_object()) return std::nullopt;
  std::optional<Json> now = stamp(files);
  if (!now || entry->value("stamp", Json()) != *now) return std::nullopt;
  return entry->value("digest", std::string());
}

std::string DigestCache::get(const std::vector<fs::path>& files, const std::string& what,
                             const std::function<std::string()>& compute) {
  if (std::optional<std::string> known = find(files, what)) return *known;
  const std::optional<Json> before = stamp(files);
  std::string digest = compute();
  // Of files that were written meanwhile it may be of no version at all.
  if (before && stamp(files) == before) entries_[entry_name(files, what)] = {{"stamp", *before}, {"digest", digest}};
  return digest;
}

void DigestCache::save(const fs::path& file) const {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  write_file_atomically(file, entries_.dump(1) + "\n");
}

}  // namespace latentgrid
