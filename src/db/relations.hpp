#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "db/results_db.hpp"
#include "store/artifact_store.hpp"

// What belongs to a job, a task or a sweep: for `compare`, `explain` and `choose`. All of it reads. Not thread-safe.
namespace latentgrid {

struct TaskFamily {  // tasks that differ in their extent only
  std::string stage, key;
  bool operator==(const TaskFamily&) const = default;
};

// Keys that begin with `prefix`, sorted, at most `limit`.
std::vector<TaskFamily> tasks_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit);

// Some job that needs a task of this family: the one with the smallest id. Reads the paths of all jobs where there is
// none.
std::optional<std::string> job_with_task(const ResultsDb& db, const TaskFamily& family);

// Jobs that differ from `job` in nothing but the seed, itself included, in the latest revisions of the sweeps that have
// it; by seed, one each.
std::vector<std::string> seed_siblings(const ResultsDb& db, const std::string& job);

// The dataset of the newest revision that has the job (SweepRevision::dataset); null if none has.
Json dataset_of_job(const ResultsDb& db, const std::string& job);

// What the jobs of a revision have values on, as in job_params; sorted.
std::vector<std::string> axes_of_revision(const ResultsDb& db, std::int64_t revision);

// What the last step of this stage on each job's path makes, by the job's id.
std::unordered_map<std::string, ArtifactId> artifacts_of_stage(const ResultsDb& db, std::int64_t revision, const std::string& stage);

}  // namespace latentgrid
