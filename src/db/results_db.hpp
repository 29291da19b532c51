#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/artifact_store.hpp"

namespace latentgrid {

enum class JobState { pending, complete, failed, skipped };
struct JobStateRow {
  std::string job;
  JobState state = JobState::pending;
  std::string reason;  // of failed and skipped
  std::string at;      // when; "" is now
};

const char* to_text(JobState state);

// latentgrid.db; its tables are in schema.sql. The coordinator is the only writer; readers make no file and change none
// (db/reading.hpp). WAL, foreign_keys=ON, synchronous=FULL, busy_timeout. What SQLite reports becomes an Error that
// names the file. Not thread-safe.
class ResultsDb {
 public:
  // Creates the file and its folder where missing, and brings an older schema up to date. Throws Error if the file was
  // written by a newer latentgrid or is no database of ours.
  static ResultsDb open_for_writing(const std::filesystem::path& file);
  // Never creates or changes anything. Throws Error with advice if the file is absent, newer or older than this
  // program; so does what reads later, if a run changed the file where that could not be kept apart.
  static ResultsDb open_for_reading(const std::filesystem::path& file);

  ResultsDb(ResultsDb&&) noexcept;
  ResultsDb& operator=(ResultsDb&&) noexcept;
  ~ResultsDb();

  // Of each job of a revision, in the order of the file. A job that is complete has every artifact on its path recorded:
  // both happen in one transaction.
  std::vector<JobStateRow> job_states(std::int64_t revision) const;
  // Of each of these (stage, artifact), whether it is recorded.
  std::vector<bool> recorded(const std::vector<std::pair<std::string, ArtifactId>>& artifacts) const;
  // Median wall seconds of a stage's latest 1000 recorded executions with this method ("" for any), for estimates;
  // nothing if none.
  std::optional<double> typical_wall_s(const std::string& stage, const std::string& method) const;

  void checkpoint();  // folds the WAL back, at a clean exit

  struct Impl;
  Impl& impl() const { return *impl_; }  // for the files of this folder

 private:
  explicit ResultsDb(std::unique_ptr<Impl> impl);
  static std::unique_ptr<Impl> opened_for_reading(const std::filesystem::path& file);
  std::unique_ptr<Impl> impl_;
};

}  // namespace latentgrid
