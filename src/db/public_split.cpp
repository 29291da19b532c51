#include "db/public_split.hpp"

#include <algorithm>

#include "db/relations.hpp"

namespace latentgrid {

bool says_split(const Json& dataset) {
  return !dataset.is_object() || !dataset.value("default_split", false);  // older programs did not record it
}

bool says_split(const ResultsDb& db, const JobDetail& job) {
  if (job.sweeps.empty()) return says_split(dataset_of_job(db, job.row.job));
  return std::any_of(job.sweeps.begin(), job.sweeps.end(), [&](const std::string& sweep) {
    const std::optional<SweepRevision> revision = latest_revision(db, sweep);
    return revision && says_split(revision->dataset);
  });
}

}  // namespace latentgrid
