#include "store/artifact_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/access.hpp"
#include "base/ask_server.hpp"
#include "base/error.hpp"
#include "store/database_place.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path key_folder(const fs::path& root, const std::string& stage, const std::string& key) {
  return root / "artifacts" / stage / key.substr(0, 2) / key;
}

constexpr const char* record_name = "task.json";
constexpr const char* transcript_name = "key.txt";

Json file_sizes(const fs::path& folder) {
  Json sizes = Json::object();
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) sizes[entry.path().lexically_relative(folder).string()] = entry.file_size();
  }
  return sizes;
}

}  // namespace

PublishedArtifacts::~PublishedArtifacts() {
  for (const auto& [stage, folder] : folders_) {
    if (folder >= 0) ::close(folder);
  }
}

bool PublishedArtifacts::contains(const std::string& stage, const std::string& key, std::int64_t extent) {
  auto [known, fresh] = folders_.try_emplace(stage, -1);
  if (fresh) known->second = ::open(store_.stage_folder(stage).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (known->second < 0) return false;
  fmt::basic_memory_buffer<char, 128> name;
  fmt::format_to(std::back_inserter(name), "{}/{}/{}/{}", std::string_view(key).substr(0, 2), key, extent, record_name);
  name.push_back('\0');
  return ::faccessat(known->second, name.data(), F_OK, 0) == 0;
}

fs::path ArtifactStore::database() const { return database_.empty() ? placed_database(root_) : database_; }

// Another machine may have published it. A folder that was absent is only looked for anew once its parent has changed.
void ArtifactStore::look_again(const std::string& stage, const std::string& key) const {
  const fs::path family = key_folder(root_, stage, key);
  for (const fs::path& folder : {root_, root_ / "artifacts", stage_folder(stage), family.parent_path(), family}) ask_server(folder);
}

fs::path ArtifactStore::stage_folder(const std::string& stage) const { return root_ / "artifacts" / stage; }

fs::path ArtifactStore::folder(const std::string& stage, const ArtifactId& id) const {
  return key_folder(root_, stage, id.key) / std::to_string(id.extent);
}

fs::path ArtifactStore::transcript(const std::string& stage, const std::string& key) const {
  return key_folder(root_, stage, key) / transcript_name;
}

fs::path ArtifactStore::record(const std::string& stage, const ArtifactId& id) const { return folder(stage, id) / record_name; }

bool ArtifactStore::exists(const std::string& stage, const ArtifactId& id) const {
  // A folder appears under this name complete or not at all; task.json guards against one emptied by hand.
  if (::access(record(stage, id).c_str(), F_OK) == 0) return true;
  if (!is_shared_) return false;
  look_again(stage, id.key);
  return ::access(record(stage, id).c_str(), F_OK) == 0;
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
  const fs::path path = record(stage, id);
  if (is_shared_ && ::access(path.c_str(), F_OK) != 0) look_again(stage, id.key);
  try {
    Json record = Json::parse(read_file(path));
    if (!record.is_object()) throw Error(fmt::format("{}: not a task record\n  hint: delete the folder and run the sweep again", path.string()));
    return record;
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
  const bool removed = files_->rename(folder(stage, id), aside / "artifact") == 0 || errno == ENOENT;
  const int error = errno;
  std::error_code ignored;  // over NFS a file stays while somebody reads it, and goes with the run's folder
  fs::remove_all(aside, ignored);
  if (!removed) throw access_error(folder(stage, id), Access::write, error);
}

fs::path ArtifactStore::new_staging_folder() const {
  static std::atomic<std::uint64_t> next{0};
  for (;;) {
    fs::path folder = staging() / fmt::format("{}.{}", ::getpid(), next++);
    if (files_->make_folder(folder) == 0) return folder;
    const int error = errno;
    if (error == ENOENT) {
      fs::create_directories(folder.parent_path());
      continue;
    }
    // A process of another machine may have the same number.
    if (error != EEXIST) throw Error(fmt::format("cannot create {}: {}", folder.string(), std::strerror(error)));
  }
}

bool ArtifactStore::publish(const fs::path& staged, const std::string& stage, const ArtifactId& id, const Json& record,
                            const std::string& transcript) const {
  Json complete = record;
  complete["stage"] = stage;
  complete["key"] = id.key;
  complete["extent"] = id.extent;
  complete["files"] = file_sizes(staged);
  // Nobody reads a staged folder: publishing it syncs every file once.
  write_file(staged / record_name, complete.dump(1) + "\n", *files_);
  // Another extent has brought it already, or brings it at the same time: they are equal.
  const bool has_news = !transcript.empty() && !fs::exists(this->transcript(stage, id.key));
  if (has_news) write_file(staged / transcript_name, transcript, *files_);
  if (publish_folder(staged, folder(stage, id), has_news ? transcript_name : "", *files_)) return true;
  std::error_code ignored;
  fs::remove_all(staged, ignored);
  return false;
}

}  // namespace latentgrid
