#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "columns/cell.hpp"
#include "db/results_db.hpp"

// Sweeps, their revisions, and small questions about jobs. All of it reads; a ResultsDb opened for reading is
// enough. Not thread-safe.
namespace latentgrid {

// While it lives, every query sees the database as it was when it began. One at a time for a connection.
class Snapshot {
 public:
  explicit Snapshot(const ResultsDb& db);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  const ResultsDb& db_;
};

struct StateCounts {
  std::int64_t pending = 0, complete = 0, failed = 0, skipped = 0;
  std::int64_t total() const { return pending + complete + failed + skipped; }
};

// A sweep's latest revision.
struct SweepSummary {
  std::string name, file;
  std::int64_t revision = 0;  // sweep_revisions.id
  std::int64_t number = 0;    // 1, 2, ... within the sweep
  std::string created_at;     // of the revision
  std::string last_activity;  // the latest change of a job's state, or created_at
  StateCounts jobs;
};

std::vector<SweepSummary> list_sweeps(const ResultsDb& db);  // by name
std::vector<std::string> sweep_names(const ResultsDb& db);   // sorted

struct SweepRevision {
  std::int64_t id = 0, number = 0;
  std::string file, text, created_at;
  Json options, report, dataset, provenance;
  bool has_split = true;  // db/views.hpp
};

std::optional<SweepRevision> latest_revision(const ResultsDb& db, const std::string& sweep);
// The one of this number, or the latest.
std::optional<SweepRevision> find_revision(const ResultsDb& db, const std::string& sweep,
                                           std::optional<std::int64_t> number);
// The latest revision of any sweep that has this job; nothing for an unknown one.
std::optional<SweepRevision> latest_revision_with(const ResultsDb& db, const std::string& job);

// Clusterings of a revision's jobs that found fewer clusters than k.
std::int64_t clusterings_with_empty_clusters(const ResultsDb& db, std::int64_t revision);

using Axes = std::vector<std::pair<std::string, Cell>>;  // by axis name

Axes job_axes(const ResultsDb& db, const std::string& job);
// A parameter as an axis would name it ("learning_rate", "tsne.perplexity"), whether a sweep varied it or not; null if the
// job has none of this name.
Json job_parameter(const ResultsDb& db, const std::string& job, const std::string& axis);

// Ids that begin with `prefix`, sorted, at most `limit`.
std::vector<std::string> jobs_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit);

}  // namespace latentgrid
