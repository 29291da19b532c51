#pragma once

#include <optional>
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

// The training whose model a job uses; nothing for raw pixels.
std::optional<ArtifactId> training_of(const ResultsDb& db, const std::string& job);

// The trainings of the jobs of all latest revisions that are not complete.
std::vector<ArtifactId> trainings_of_incomplete_jobs(const ResultsDb& db);

}  // namespace latentgrid
