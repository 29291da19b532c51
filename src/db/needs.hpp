#pragma once

#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// A task that a sweep's jobs or figures have.
struct TaskNeed {
  std::string stage;
  ArtifactId artifact;
  std::string sweep;
  bool latest = false;     // of the sweep's latest revision; otherwise of earlier ones alone
  bool of_figure = false;  // of a figure: what its task reads need not be here
};
std::vector<TaskNeed> task_needs(const ResultsDb& db);  // once a sweep

// What a job has of these stages.
std::vector<ArtifactId> artifacts_of(const ResultsDb& db, const std::string& job, const std::vector<std::string>& stages);

// The same of the jobs of all latest revisions that are not complete.
std::vector<ArtifactId> artifacts_of_incomplete_jobs(const ResultsDb& db, const std::vector<std::string>& stages);

}  // namespace latentgrid
