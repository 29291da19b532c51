#pragma once

#include <cstdint>

#include "plan/figure_tasks.hpp"
#include "run/sweep_run.hpp"

namespace latentgrid {

struct FigureRun {
  const Plan& plan;
  const std::vector<JobState>& states;  // of the plan's jobs, after they ran
  std::int64_t revision;
  const RunContext& context;
};

// The second round of a run: once the jobs have their scores, what the figures need is planned, written down and run. What
// is wrong with a figure whose job had to be chosen first is a line of the view. Counts tasks that no job has.
RunSummary run_figure_tasks(const FigureRun& run, DigestCache& digests);

}  // namespace latentgrid
