#include "space/collect.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "methods/stages.hpp"
#include "store/staging.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path collections_file(const ArtifactStore& store) { return store.digest_cache().parent_path() / "collections"; }

void remove_aside(const fs::path& path, const ArtifactStore& store) {
  const fs::path aside = store.new_staging_folder();
  std::error_code absent;
  fs::rename(path, aside / "removed", absent);
  fs::remove_all(aside, absent);
}

// The transcript of a family goes with its last artifact, and so do the folders that are empty then.
void remove_empty_family(const std::string& stage, const std::string& key, const ArtifactStore& store) {
  const fs::path transcript = store.transcript(stage, key), family = transcript.parent_path();
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(family, ignored)) {
    if (entry.path() != transcript) return;
  }
  fs::remove(transcript, ignored);
  for (const fs::path& folder : {family, family.parent_path()}) fs::remove(folder, ignored);
}

// The record first: without it the files are nobody's, while a record of files that are gone is a damaged artifact.
void remove_optimizer(const std::string& stage, const ArtifactId& id, const ArtifactStore& store) {
  const std::string folder(find_stage(stage).resumes_from);
  Json record = store.read_record(stage, id);
  const Json files = record.value("files", Json::object());
  Json kept = Json::object();
  for (const auto& [name, bytes] : files.items()) {
    if (!name.starts_with(folder + "/")) kept[name] = bytes;
  }
  record["files"] = kept;
  write_file_atomically(store.record(stage, id), record.dump(1) + "\n");
  remove_aside(store.folder(stage, id) / folder, store);
}

}  // namespace

void collect(const Garbage& garbage, const ArtifactStore& of) {
  const ArtifactStore store(of.root(), new_run_name());
  const HeldStaging staging(store);
  fs::create_directories(collections_file(store).parent_path());
  write_file_atomically(collections_file(store), fmt::format("{} {}\n", system_clock().utc_timestamp(), ::getpid()));
  for (const Garbage::Item& item : garbage.items) {
    switch (item.kind) {
      case Garbage::Kind::partial:
        remove_aside(store.partial(item.id.key), store);
        break;
      case Garbage::Kind::optimizer:
        remove_optimizer(item.stage, item.id, store);
        break;
      default:
        store.remove(item.stage, item.id);
        remove_empty_family(item.stage, item.id.key, store);
    }
  }
  if (garbage.temporaries > 0) remove_abandoned_staging(store);
}

std::string collections(const ArtifactStore& store) {
  std::error_code none;
  return fs::exists(collections_file(store), none) ? read_file(collections_file(store)) : "";
}

}  // namespace latentgrid
