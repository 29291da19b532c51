#include <algorithm>
#include <chrono>

#include "base/file_system.hpp"
#include "base/input_file.hpp"
#include "data/dataset.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr double youngest_remembered_s = 2;  // FAT's step, the longest

std::string entry_name(const std::vector<fs::path>& files, const std::string& what) {
  Json name = Json::array({what});
  for (const fs::path& file : files) name.push_back(file.string());
  return name.dump();
}

// What changes whenever a file is written anew; nothing if a file is absent.
std::optional<Json> stamp(const std::vector<fs::path>& files) {
  Json stamps = Json::array();
  for (const fs::path& file : files) {
    const std::optional<FileStamp> one = file_stamp(file);
    if (!one) return std::nullopt;
    stamps.push_back({one->size, one->modified_ns, one->changed_ns, one->inode});
  }
  return stamps;
}

// Times in the future count as young: another machine's clock wrote them.
bool any_is_young(const std::vector<fs::path>& files, double now) {
  return std::any_of(files.begin(), files.end(), [&](const fs::path& file) {
    const std::optional<FileStamp> one = file_stamp(file);
    return !one || now - 1e-9 * static_cast<double>(std::max(one->modified_ns, one->changed_ns)) < youngest_remembered_s;
  });
}

double system_unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

DigestCache::DigestCache(const fs::path& file, UnixTime now) : now_(std::move(now)) {
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
  const bool young = any_is_young(files, now_ ? now_() : system_unix_time());
  std::string digest = compute();
  // Of files that were written meanwhile it may be of no version at all.
  if (!young && before && stamp(files) == before) entries_[entry_name(files, what)] = {{"stamp", *before}, {"digest", digest}};
  return digest;
}

void DigestCache::save(const fs::path& file) const {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  write_file_atomically(file, entries_.dump(1) + "\n");
}

}  // namespace latentgrid
