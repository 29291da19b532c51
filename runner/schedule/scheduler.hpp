#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "methods/stages.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

enum class TaskState { waiting, ready, running, done, reused, failed, skipped };

// Which task next: the ready task with the longest estimated path to the end of the sweep. Pure: knows nothing of
// processes or time. Every task changes state at most: waiting -> ready -> running -> done | failed, a retry takes running back
// to ready, and a failure turns all that depends on it to skipped. Not thread-safe.
class Scheduler {
 public:
  // `graph` must outlive the scheduler; complete tasks count as reused. `priority`: larger first (critical_paths()).
  Scheduler(const TaskGraph& graph, std::vector<double> priority);

  // The ready task of highest priority that needs at most `free_threads` threads (any number, if nothing is running),
  // now running. Ties go to the task that comes first in the graph. `free_gpus`: how many tasks each GPU may take; one
  // that needs a GPU waits for its own, or for any. `taker_of`: whether there is somebody for this task, of this kind and so many
  // threads. Where nobody has enough time for it, a few of those that come next and need the same are tried.
  using TakerOf = std::function<Taker(int task, const WorkKind& kind, std::int64_t threads)>;
  std::optional<int> next(std::int64_t free_threads, const std::vector<int>& free_gpus = {}, const TakerOf& taker_of = {});

  // Whether this task was ready: it is running now.
  bool start(int task);

  // Tasks that are ready or running.
  std::map<WorkKind, std::int64_t> at_hand() const;

  // A running task has left this extent, which stays, however it ends: what needs nothing else is ready.
  void published(int task, std::int64_t extent);
  void finished(int task);
  void retry(int task);
  // Everything downstream is skipped, but for what reads only `published` extents: a run may fail after it left shorter ones.
  void failed(int task, const std::vector<std::int64_t>& published = {});

  TaskState state(int task) const { return states_[task]; }
  std::int64_t count(TaskState state) const { return counts_[static_cast<int>(state)]; }
  bool idle() const { return count(TaskState::running) == 0 && count(TaskState::ready) == 0; }

 private:
  struct Ready {
    double priority;
    int task;
    bool operator<(const Ready& other) const {
      return priority != other.priority ? priority > other.priority : task < other.task;
    }
  };

  // What a task must find free. A sweep has few of them and may have 100,000 ready tasks of one.
  struct Needs {
    WorkKind kind;
    std::int64_t threads;
    int gpu;  // -1: any
    auto operator<=>(const Needs&) const = default;
    bool has_gpu(const std::vector<int>& free_gpus) const;
  };

  // `left`: whether the task has left an extent. Dependents that read others only are as they were.
  template <typename Left>
  void release(int task, const Left& left);
  bool released(int task, std::int64_t extent) const;
  void set_state(int task, TaskState state);
  void make_ready(int task);
  Needs needs_of(int task) const;

  const TaskGraph& graph_;
  std::vector<double> priority_;
  std::vector<TaskState> states_;
  std::vector<int> unmet_;  // inputs that are not there yet
  std::map<int, std::vector<std::int64_t>> early_;  // extents of tasks before they finished
  std::map<Needs, std::set<Ready>> ready_;
  std::map<WorkKind, std::int64_t> running_;
  std::int64_t counts_[7] = {};
};

}  // namespace latentgrid
