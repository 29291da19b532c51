#include "data/digest_cache.hpp"

#include <algorithm>
#include <chrono>

#include "base/ask_server.hpp"
#include "base/file_system.hpp"
#include "base/file_system_kind.hpp"
#include "base/input_file.hpp"
#include "base/key.hpp"
#include "data/input_name.hpp"
#include "data/picture_folder.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr double youngest_remembered_s = 2;  // FAT's step, the longest
constexpr double youngest_remembered_of_server_s = 60;  // whose clock may differ by so much

std::string entry_name(const std::vector<fs::path>& files, const std::string& what) {
  Json name = Json::array({what});
  for (const fs::path& file : files) name.push_back(file.string());
  return name.dump();
}

struct Stamps {
  Json text = Json::array();      // changes whenever a file is written anew
  std::int64_t newest_ns = 0;     // when the last of them changed
  bool of_a_server = false;       // one of them
  bool operator==(const Stamps&) const = default;
};

// A folder's pictures are one entry of fixed size: how many there are, and a digest of their names and stamps.
Json stamp_of_pictures(const fs::path& folder, std::int64_t& newest_ns) {
  const PictureFolder pictures = list_pictures(folder);
  Sha256 hash;
  for (const std::string& name : pictures.files) {
    const std::optional<FileStamp> stamp = file_stamp(folder / name);
    if (!stamp) return nullptr;
    hash.update(std::as_bytes(std::span(name.c_str(), name.size() + 1)));
    const std::int64_t numbers[] = {stamp->size, stamp->modified_ns, stamp->changed_ns, static_cast<std::int64_t>(stamp->inode)};
    hash.update(std::as_bytes(std::span(numbers)));
    newest_ns = std::max({newest_ns, stamp->modified_ns, stamp->changed_ns});
  }
  return {{"pictures", pictures.files.size()}, {"sha256", hash.hex()}};
}

// Nothing if a file is absent.
std::optional<Stamps> stamps_of(const std::vector<fs::path>& files) {
  Stamps stamps;
  for (const fs::path& name : files) {
    const fs::path file = input_name(name).file;
    if (file_system_kind(file).shared) {
      stamps.of_a_server = true;
      ask_server(file);
    }
    const std::optional<FileStamp> one = file_stamp(file);
    if (!one) return std::nullopt;
    if (std::error_code none; fs::is_directory(file, none)) {
      stamps.text.push_back(stamp_of_pictures(file, stamps.newest_ns));
      if (stamps.text.back().is_null()) return std::nullopt;
    } else {
      stamps.text.push_back({one->size, one->modified_ns, one->changed_ns, one->inode});
      stamps.newest_ns = std::max({stamps.newest_ns, one->modified_ns, one->changed_ns});
    }
  }
  return stamps;
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

std::string DigestCache::get(const std::vector<fs::path>& files, const std::string& what,
                             const std::function<std::string()>& compute) {
  const std::optional<Stamps> before = stamps_of(files);
  const std::string name = entry_name(files, what);
  const auto entry = entries_.find(name);
  if (before && entry != entries_.end() && entry->is_object() && entry->value("stamp", Json()) == before->text) {
    return entry->value("digest", std::string());
  }
  const double now = now_ ? now_() : system_unix_time();
  std::string digest = compute();
  // Times in the future count as young: another machine's clock wrote them. Of files that were written meanwhile the digest may be
  // of no version at all.
  const bool young = !before || now - 1e-9 * static_cast<double>(before->newest_ns) < (before->of_a_server ? youngest_remembered_of_server_s : youngest_remembered_s);
  if (!young && stamps_of(files) == before) entries_[name] = {{"stamp", before->text}, {"digest", digest}};
  return digest;
}

void DigestCache::save(const fs::path& file) const {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  write_file_atomically(file, entries_.dump(1) + "\n");
}

}  // namespace latentgrid
