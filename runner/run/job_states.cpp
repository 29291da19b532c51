#include "run/job_states.hpp"

#include <algorithm>

namespace latentgrid {

JobStates::JobStates(const TaskGraph& graph)
    : graph_(graph),
      states_(graph.jobs.size(), JobState::pending),
      open_tasks_(graph.jobs.size(), 0),
      jobs_of_task_(graph.tasks.size()) {
  for (std::size_t job = 0; job < graph.jobs.size(); ++job) {
    for (const JobStep& step : graph.jobs[job].path) {
      if (!graph.tasks[step.task].misses(step.extent)) continue;
      jobs_of_task_[step.task].push_back(static_cast<int>(job));
      ++open_tasks_[job];
    }
    if (open_tasks_[job] == 0) states_[job] = JobState::complete;
  }
}

std::vector<JobStateRow> JobStates::changes_from(const std::vector<JobStateRow>& known) const {
  std::vector<JobStateRow> changed;
  for (std::size_t job = 0; job < states_.size(); ++job) {
    if (known[job].state != states_[job]) changed.push_back({graph_.jobs[job].id, states_[job], ""});
  }
  return changed;
}

void JobStates::task_ended(int task, const std::vector<std::int64_t>& available, const std::string& reason,
                           std::vector<JobStateRow>& changed) {
  for (int job : jobs_of_task_[task]) {
    const JobNode& node = graph_.jobs[job];
    const auto step = std::find_if(node.path.begin(), node.path.end(), [&](const JobStep& s) { return s.task == task; });
    if (std::find(available.begin(), available.end(), step->extent) != available.end()) {
      if (--open_tasks_[job] == 0) changed.push_back({node.id, states_[job] = JobState::complete, ""});
      continue;
    }
    if (states_[job] != JobState::pending) continue;
    // The job's own last task failed, or something before it that others may share.
    states_[job] = node.path.back().task == task ? JobState::failed : JobState::skipped;
    changed.push_back({node.id, states_[job], reason});
  }
}

}  // namespace latentgrid
