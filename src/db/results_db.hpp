#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct FigureTaskRow;  // db/queries.hpp

struct TaskRef {
  std::string stage;
  ArtifactId artifact;
  int step = 0;  // reduce may occur several times on a path: 0, 1, ...
};

struct JobRecord {
  std::string id;   // 12 hex digits
  std::string key;  // 64; determines everything below, the path included
  std::string dataset, architecture, latent, reduction, clustering;
  std::int64_t latent_dim = 0, epochs = 0, reduced_dim = 0, k = 0, seed = 0;
  Json params;                                     // everything else, after defaults
  std::vector<std::pair<std::string, Json>> axes;  // for job_params
  std::vector<TaskRef> path;                       // load ... score
};

// The jobs of a sweep in the order of its file. A record, which is much to put together, is asked for only when there is a
// new revision.
class JobList {
 public:
  using Text = std::function<const std::string&(std::size_t)>;
  JobList(std::size_t size, Text id, Text key, std::function<JobRecord(std::size_t)> record)
      : size_(size), id_(std::move(id)), key_(std::move(key)), record_(std::move(record)) {}

  std::size_t size() const { return size_; }
  const std::string& id(std::size_t job) const { return id_(job); }
  const std::string& key(std::size_t job) const { return key_(job); }
  JobRecord record(std::size_t job) const { return record_(job); }

 private:
  std::size_t size_;
  Text id_, key_;
  std::function<JobRecord(std::size_t)> record_;
};

struct SweepRecord {
  std::string name;
  std::string file;
  std::string text;  // the YAML
  Json options;      // --set, --data
  Json report;       // the checked `report:` section
  Json dataset;      // name, images, labelled, classes, shape
  Json provenance;   // build, git commit, library versions, host
  std::string created_at;
};

// What becomes columns, each left NULL where the record has none:
//   metrics.*                                      scalars; recon_mse of encode and the scores of score feed `results`
//   record.method (or provenance.params.method)
//   record.losses                                  one number an epoch, the first epoch first
//   provenance.{build, git_commit, libraries, host, device, threads, seed}
//   usage.{wall_s, cpu_s, peak_rss_kb}             from the very start of the run that reached this extent
struct ArtifactRow {
  std::string stage;
  ArtifactId artifact;
  Json record;  // the whole task.json: metrics, record, provenance, usage
  std::string recorded_at;
};

struct FailureRow {
  std::string stage, key, kind, message, at;
  int attempt = 1;
};

enum class JobState { pending, complete, failed, skipped };
struct JobStateRow {
  std::string job;
  JobState state = JobState::pending;
  std::string reason;  // of failed and skipped
  std::string at;      // when; "" is now
};

const char* to_text(JobState state);

// What a competition gave back for a job's submitted labels.
struct SubmissionRow {
  std::string job;
  std::string file;          // as uploaded; "" if it isn't known
  std::string submitted_at;  // as the competition writes it; "" if it doesn't
  std::string description;
  std::optional<double> public_score, private_score;
  std::string imported_at;  // "" is now
};

struct SubmissionCounts {
  std::int64_t imported = 0;
  std::int64_t updated = 0;  // known, with a score or a description that has changed or has come since
  std::int64_t known = 0;
};

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

  // One BEGIN IMMEDIATE transaction. A new revision is made only if the jobs, the text, the options, the report or the
  // dataset differ from the latest one's; otherwise no row is written. Jobs already known, from whatever sweep, keep their
  // state. Returns the revision's id.
  std::int64_t register_sweep(const SweepRecord& sweep, const JobList& jobs);
  std::int64_t register_sweep(const SweepRecord& sweep, const std::vector<JobRecord>& jobs);

  // One BEGIN IMMEDIATE transaction for everything that finished in a turn of the loop. Artifacts already recorded are
  // kept, so recording twice changes nothing; states are set as told, and left alone where that is what they are. Throws Error for a job that was never registered.
  void record(const std::vector<ArtifactRow>& artifacts, const std::vector<FailureRow>& failures,
              const std::vector<JobStateRow>& states);

  // What the figures of a revision need, in place of what was there. One BEGIN IMMEDIATE transaction; none where nothing
  // differs.
  void set_figure_tasks(std::int64_t revision, const std::vector<FigureTaskRow>& pictures);

  // A submission is known by its job, file and time. One BEGIN IMMEDIATE transaction, undone where nothing is new; a
  // score that is missing now stays what it was. Throws Error for a job that was never registered.
  SubmissionCounts import_submissions(const std::vector<SubmissionRow>& submissions);

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
  Impl& impl() const { return *impl_; }  // for the queries in db/queries.hpp

 private:
  explicit ResultsDb(std::unique_ptr<Impl> impl);
  static std::unique_ptr<Impl> opened_for_reading(const std::filesystem::path& file);
  std::unique_ptr<Impl> impl_;
};

}  // namespace latentgrid
