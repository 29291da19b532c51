#include "store/inventory.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <tuple>

#include "base/error.hpp"
#include "store/staging.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// The names in a folder, sorted; none where it isn't there.
std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::int64_t bytes_below(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_regular_file(fs::symlink_status(path, ignored))) {
    const std::uintmax_t size = fs::file_size(path, ignored);
    return ignored ? 0 : static_cast<std::int64_t>(size);
  }
  std::int64_t bytes = 0;
  for (const fs::path& child : children(path)) bytes += bytes_below(child);
  return bytes;
}

std::int64_t bytes_staged_in(const fs::path& temporary) {
  std::int64_t bytes = 0;
  for (const fs::path& child : children(temporary)) bytes += is_sign_of_holder(child) ? 0 : bytes_below(child);
  return bytes;
}

std::optional<std::int64_t> extent_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::int64_t extent = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), extent);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return extent;
}

void add_family(const std::string& stage, const fs::path& family, const std::string& resume_folder, Inventory& inventory) {
  for (const fs::path& folder : children(family)) {
    const std::optional<std::int64_t> extent = extent_of(folder);
    if (!extent) continue;
    inventory.artifacts.push_back({stage, {family.filename().string(), *extent}, bytes_below(folder),
                                   resume_folder.empty() ? 0 : bytes_below(folder / resume_folder)});
  }
}

}  // namespace

Inventory take_inventory(const ArtifactStore& store, const std::map<std::string, std::string>& resume_folders) {
  Inventory inventory;
  for (const fs::path& stage : children(store.root() / "artifacts")) {
    const std::string name = stage.filename().string();
    const auto resumed = resume_folders.find(name);
    for (const fs::path& prefix : children(stage)) {
      for (const fs::path& family : children(prefix)) add_family(name, family, resumed == resume_folders.end() ? "" : resumed->second, inventory);
    }
  }
  std::sort(inventory.artifacts.begin(), inventory.artifacts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.stage, a.id) < std::tie(b.stage, b.id);
  });
  for (const fs::path& partial : children(store.root() / "partial")) {
    inventory.partials.push_back({partial.filename().string(), bytes_below(partial)});
  }
  for (const fs::path& temporary : children(store.temporaries())) {
    const bool held = is_held(temporary, store.files());
    inventory.temporaries += !held;
    (held ? inventory.staged_bytes : inventory.temporary_bytes) += bytes_staged_in(temporary);
  }
  for (const fs::path& folder : {store.reports(), store.exports(), store.submissions(), store.logs(), store.digest_cache().parent_path()}) {
    std::error_code ignored;
    if (fs::exists(folder, ignored)) inventory.folders.emplace_back(folder.filename().string(), bytes_below(folder));
  }
  inventory.all_bytes = bytes_below(store.root());
  try {
    const std::string database = store.database().string();
    for (const char* ending : {"", "-wal", "-shm"}) inventory.database_bytes += bytes_below(database + ending);
    inventory.database_is_elsewhere = fs::weakly_canonical(database).lexically_relative(fs::weakly_canonical(store.root())).string().starts_with("..");
    if (inventory.database_is_elsewhere) inventory.all_bytes += inventory.database_bytes;
  } catch (const Error&) {
    // It is on another machine.
  }
  return inventory;
}

}  // namespace latentgrid
