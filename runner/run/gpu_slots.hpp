#pragma once

#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "plan/task_graph.hpp"

namespace latentgrid {

// How many tasks each GPU may still take, and which have one.
class GpuSlots {
 public:
  explicit GpuSlots(std::vector<int> tasks_at_once) : free_(std::move(tasks_at_once)) {}

  const std::vector<int>& free() const { return free_; }
  int count() const { return std::accumulate(free_.begin(), free_.end(), static_cast<int>(gpu_of_task_.size())); }

  // The GPU of a task that may start: its own, or of the others the emptiest. "cuda:0"; "" for a task of the CPU.
  std::string take(int task, const TaskNode& node);
  void give_back(int task);  // nothing, for a task that has none

 private:
  std::vector<int> free_;
  std::map<int, int> gpu_of_task_;
};

// Throws Error, which says what to do, if a task that isn't done needs a GPU that isn't among `gpus`. `why_none`: what is said
// where there is none.
void require_gpus(const TaskGraph& graph, int gpus, const std::string& why_none);

}  // namespace latentgrid
