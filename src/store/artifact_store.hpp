#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "base/file_system_kind.hpp"
#include "base/json.hpp"

namespace latentgrid {

// What a finished task left: `extent` is 0 for stages that have none.
struct ArtifactId {
  std::string key;  // 64 hex digits
  std::int64_t extent = 0;
  auto operator<=>(const ArtifactId&) const = default;
};

class ArtifactStore;

// Asks exists() of very many artifacts: every stage's folder is opened once, so that an answer is one system call on a
// short name, and none where the stage has left nothing yet. Not thread-safe.
class PublishedArtifacts {
 public:
  explicit PublishedArtifacts(const ArtifactStore& store) : store_(store) {}
  ~PublishedArtifacts();
  PublishedArtifacts(const PublishedArtifacts&) = delete;
  PublishedArtifacts& operator=(const PublishedArtifacts&) = delete;

  bool contains(const std::string& stage, const std::string& key, std::int64_t extent);

 private:
  const ArtifactStore& store_;
  std::map<std::string, int> folders_;  // by stage; -1: there was none when it was first asked about
};

// Every file name below a results folder is made here.
//   artifacts/<stage>/<first 2 of key>/<key>/<extent>/   published artifacts, each with task.json
//   tmp/<run>/  what a run is writing (store/staging.hpp)
//   partial/<key>/   rolling checkpoints
//   reports/<sweep>/   what `report` writes unless told otherwise
//   logs/  cache/  submissions/  exports/  latentgrid.db  lock  lock.holder
// Thread-safe.
class ArtifactStore {
 public:
  // `run`: below whose name it stages, new_run_name(). Without one what it stages is nobody's, and may be removed by the next
  // run.
  explicit ArtifactStore(std::filesystem::path results, std::string run = "", FileSystem& files = real_file_system())
      : root_(std::move(results)), run_(std::move(run)), files_(&files), is_shared_(file_system_kind(root_).shared) {}

  const std::filesystem::path& root() const { return root_; }
  const std::string& run() const { return run_; }
  FileSystem& files() const { return *files_; }
  bool is_shared() const { return is_shared_; }  // with other machines
  std::filesystem::path temporaries() const { return root_ / "tmp"; }
  std::filesystem::path staging() const { return run_.empty() ? temporaries() : temporaries() / run_; }
  // latentgrid.db, or where that was put (store/database_place.hpp). Throws Error with advice if it is of another machine.
  std::filesystem::path database() const;
  void use_database(std::filesystem::path file) { database_ = std::move(file); }
  std::filesystem::path lock_file() const { return root_ / "lock"; }
  std::filesystem::path submissions() const { return root_ / "submissions"; }
  std::filesystem::path exports() const { return root_ / "exports"; }
  std::filesystem::path logs() const { return root_ / "logs"; }
  std::filesystem::path reports() const { return root_ / "reports"; }
  std::filesystem::path digest_cache() const { return root_ / "cache" / "digests.json"; }
  std::filesystem::path partial(const std::string& key) const { return root_ / "partial" / key; }
  std::filesystem::path folder(const std::string& stage, const ArtifactId& id) const;
  std::filesystem::path record(const std::string& stage, const ArtifactId& id) const;  // its task.json
  std::filesystem::path stage_folder(const std::string& stage) const;
  std::filesystem::path transcript(const std::string& stage, const std::string& key) const;  // beside the extents

  bool exists(const std::string& stage, const ArtifactId& id) const;
  std::vector<std::int64_t> extents(const std::string& stage, const std::string& key) const;  // undamaged, ascending
  // task.json of a published artifact: {"stage", "key", "extent", "metrics": {...}, "record": {...}, "provenance": {...},
  // "usage": {...}, "files": {name: bytes}}; throws Error if it cannot be read.
  Json read_record(const std::string& stage, const ArtifactId& id) const;

  // What is wrong with a published artifact whose files don't have the sizes they were written with, as after a full disk or
  // a copy that broke off: "<path>: 100 bytes instead of 4096". Changed bytes of the same number are not noticed.
  std::optional<std::string> damage(const std::string& stage, const ArtifactId& id) const;
  // The artifact is not there any more when this returns, or was not before; never half of it.
  void remove(const std::string& stage, const ArtifactId& id) const;

  // A new empty folder below staging() for one artifact.
  std::filesystem::path new_staging_folder() const;
  // Writes task.json, which lists the files, into `staged` and publishes it, with what its key was made of beside it.
  // False if it had been published before; `staged` is then removed.
  bool publish(const std::filesystem::path& staged, const std::string& stage, const ArtifactId& id, const Json& record,
               const std::string& transcript = "") const;

 private:
  void look_again(const std::string& stage, const std::string& key) const;

  std::filesystem::path root_;
  std::string run_;
  FileSystem* files_;
  bool is_shared_;
  std::filesystem::path database_;  // empty: as database_place.hpp finds it
};

}  // namespace latentgrid
