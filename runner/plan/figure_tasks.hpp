#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/digest_cache.hpp"
#include "plan/job_choice.hpp"
#include "plan/make_plan.hpp"

namespace latentgrid {

// What the report's figures need beside the jobs: decoded images, the embedding of other images, how faithful a map is.
// Tasks like any other, planned once their job is known and run after the jobs, whose artifacts they read.
struct FigureTask {  // one role in one panel of a figure
  std::string figure;
  std::int64_t panel = 0;
  // "reconstruct", "interpolate", "sample", "augment"; of a map "images", "labels" (of images that are not the sweep's), "embedding", "trustworthiness"; "step0", "step1": what of a chain comes before the
  // embedding; "own": the embedding once more, where it is made as the one that the job's clusters were found in
  std::string role;
  std::size_t job = 0;  // in the sweep's plan: whose model it is
  int task = -1;        // in FigureTasks::plan
  std::int64_t extent = 0;
};

struct FigureTasks {
  Plan plan;  // a job a panel: its path is what the panel needs. The tasks of the sweep's jobs are in it too
  std::vector<FigureTask> tasks;
  std::vector<std::string> waiting;  // names of figures whose job is not known yet
};

// Of FigureTasks::plan's tasks, which the figures alone need: no job of the sweep has them.
std::vector<bool> tasks_of_figures_alone(const FigureTasks& figures, const Plan& sweep);

// Whether any figure of the sweep needs tasks of its own.
bool needs_figure_tasks(const Sweep& sweep);

// Plans what the sweep's figures need. Figures whose job is to be chosen by its score wait until it is known.
// What is wrong with a figure (an axis that no job has, images out of range, a reduction that cannot be) goes to the
// diagnostics; nothing is returned after an error. What cannot be had of the best job alone is a warning.
std::optional<FigureTasks> plan_figure_tasks(const Plan& sweep, const ArtifactStore& store, DigestCache& digests,
                                      const JobKnowledge& known, Diagnostics& diagnostics);

}  // namespace latentgrid
