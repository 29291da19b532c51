#include "store/artifact_store.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "base/file_system.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path key_folder(const fs::path& root, const std::string& stage, const std::string& key) {
  return root / "artifacts" / stage / key.substr(0, 2) / key;
}

Json file_sizes(const fs::path& folder) {
  Json sizes = Json::object();
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) sizes[entry.path().lexically_relative(folder).string()] = entry.file_size();
  }
  return sizes;
}

}  // namespace

fs::path ArtifactStore::folder(const std::string& stage, const ArtifactId& id) const {
  return key_folder(root_, stage, id.key) / std::to_string(id.extent);
}

fs::path ArtifactStore::transcript(const std::string& stage, const std::string& key) const {
  return key_folder(root_, stage, key) / "key.txt";
}

bool ArtifactStore::exists(const std::string& stage, const ArtifactId& id) const {
  // A folder appears under this name complete or not at all; task.json guards against one emptied by hand.
  return ::access((folder(stage, id) / "task.json").c_str(), F_OK) == 0;
}

std::vector<std::int64_t> ArtifactStore::extents(const std::string& stage, const std::string& key) const {
  std::vector<std::int64_t> found;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(key_folder(root_, stage, key), none)) {
    std::string name = entry.path().filename().string();
    std::int64_t extent = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), extent);
    if (error == std::errc() && end == name.data() + name.size() && !damage(stage, {key, extent})) found.push_back(extent);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Json ArtifactStore::read_record(const std::string& stage, const ArtifactId& id) const {
  fs::path path = folder(stage, id) / "task.json";
  try {
    return Json::parse(read_file(path));
  } catch (const Json::exception& e) {
    throw Error(fmt::format("{}: not a task record: {}\n  hint: delete the folder and run the sweep again", path.string(),
                            e.what()));
  }
}

std::optional<std::string> ArtifactStore::damage(const std::string& stage, const ArtifactId& id) const {
  const fs::path folder = this->folder(stage, id);
  Json record;
  try {
    record = read_record(stage, id);
  } catch (const Error& error) {
    return error.what();
  }
  const Json files = record.value("files", Json::object());
  for (const auto& [name, bytes] : files.items()) {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(folder / name, missing);
    if (missing) return fmt::format("{}: {}", (folder / name).string(), missing.message());
    if (bytes != size) return fmt::format("{}: {} bytes instead of {}", (folder / name).string(), size, bytes.dump());
  }
  return std::nullopt;
}

void ArtifactStore::remove(const std::string& stage, const ArtifactId& id) const {
  const fs::path aside = new_staging_folder();
  std::error_code absent;
  fs::rename(folder(stage, id), aside / "artifact", absent);
  fs::remove_all(aside);
}

fs::path ArtifactStore::new_staging_folder() const {
  fs::create_directories(root_ / "tmp");
  std::string name = (root_ / "tmp" / fmt::format("{}.XXXXXX", ::getpid())).string();
  if (!::mkdtemp(name.data())) throw Error(fmt::format("cannot create {}: {}", name, std::strerror(errno)));
  ::chmod(name.c_str(), 0755);
  return name;
}

bool ArtifactStore::publish(const fs::path& staged, const std::string& stage, const ArtifactId& id,
                            const Json& record) const {
  Json complete = record;
  complete["stage"] = stage;
  complete["key"] = id.key;
  complete["extent"] = id.extent;
  complete["files"] = file_sizes(staged);
  write_file_atomically(staged / "task.json", complete.dump(1) + "\n");
  if (publish_folder(staged, folder(stage, id))) return true;
  fs::remove_all(staged);
  return false;
}

}  // namespace latentgrid
