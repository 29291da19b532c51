#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/records.hpp"
#include "db/results_db.hpp"

// A sweep's revisions: every run of a sweep of one name whose file, options, data set or jobs differ from the latest one's
// makes another. All of it reads. Not thread-safe.
namespace latentgrid {

struct RevisionSummary {
  std::int64_t number = 0;
  std::string file, created_at;
  std::int64_t jobs = 0, complete = 0;
  std::int64_t not_in_latest = 0;  // of its jobs
};
std::vector<RevisionSummary> list_revisions(const ResultsDb& db, const std::string& sweep);  // by number

// Jobs of a sweep's earlier revisions that are not in its latest one, each counted once.
std::int64_t jobs_of_earlier_revisions(const ResultsDb& db, const std::string& sweep);

// What register_sweep() would make of a sweep.
struct RevisionChange {
  // data_or_program: the revision was recorded before what its files held was. other_report and other_record: the jobs are
  // the same by their keys; the report section was read differently, or the rest of the revision recorded differently.
  enum class Cause { other_file, changed_file, other_options, other_dataset, data_or_program, other_jobs, other_report, other_record };
  struct Former {
    std::int64_t number = 0;
    std::string file, created_at;
    Cause cause = Cause::other_jobs;  // why it isn't kept
    std::int64_t jobs = 0;
    std::int64_t gone = 0;  // of its jobs, those that are not in the new one
  };

  std::int64_t number = 1;       // of the revision that a run belongs to
  bool is_new = true;            // false: nothing differs from the latest one
  std::optional<Former> former;  // the latest so far, where a new one follows it
};
RevisionChange revision_change(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs);

namespace db {

// What makes a revision differ from the one before. A job's key stands for all of the job.
std::string content_digest(const SweepRecord& sweep, const JobList& jobs);
RevisionChange revision_change(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs, const std::string& digest);

}  // namespace db
}  // namespace latentgrid
