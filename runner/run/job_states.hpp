#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/results_db.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// How far each job of a graph has come, as its tasks end. Pure.
class JobStates {
 public:
  // `graph` must outlive this. A job of which nothing is missing is complete, every other one pending.
  explicit JobStates(const TaskGraph& graph);

  const std::vector<JobState>& all() const { return states_; }  // by a job's place in the graph
  int first_job_of(int task) const { return jobs_of_task_[task].front(); }  // of a task of which something is missing

  // The states that differ from those that are known.
  std::vector<JobStateRow> changes_from(const std::vector<JobStateRow>& known) const;

  // `task` has ended and left `available`; `reason`: why, if it lacks some. Appends the states that change.
  void task_ended(int task, const std::vector<std::int64_t>& available, const std::string& reason,
                  std::vector<JobStateRow>& changed);

 private:
  const TaskGraph& graph_;
  std::vector<JobState> states_;
  std::vector<int> open_tasks_;  // on a job's path, not yet done
  std::vector<std::vector<int>> jobs_of_task_;
};

}  // namespace latentgrid
