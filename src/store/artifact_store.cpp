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
    if (error == std::errc() && end == name.data() + name.size() && exists(stage, {key, extent})) found.push_back(extent);
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
  write_file_atomically(staged / "task.json", complete.dump(1) + "\n");
  if (publish_folder(staged, folder(stage, id))) return true;
  fs::remove_all(staged);
  return false;
}

}  // namespace latentgrid
