#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plan/task_graph.hpp"

namespace latentgrid {

// Seconds until the sweep is done: the estimates of what is left, each kind of work scaled by how wrong the estimates of
// that kind turned out to be so far in this run. Pure: time is an argument.
class Eta {
 public:
  // `slots` tasks run at once, `gpu_slots` of them on GPUs.
  Eta(const TaskGraph& graph, std::vector<double> costs, int slots, int gpu_slots = 0);

  void set_slots(int slots) { slots_ = std::max(slots, 1); }
  void started(int task, double now);
  void progress(int task, double fraction, double now);
  void finished(int task, double now);
  void retried(int task);  // waits again
  void dropped(int task);  // failed or skipped

  double seconds_left(double now) const;
  double seconds_of(int task) const { return costs_[task] * scale(kind(task)); }  // from its start

 private:
  struct Running {
    double started = 0;
    double fraction = 0;
  };
  struct Scale {
    double actual = 0, estimated = 0;
  };

  using Kind = std::pair<std::string, bool>;  // stage and method; on a GPU

  double scale(const Kind& kind) const;
  Kind kind(int task) const;

  const TaskGraph& graph_;
  std::vector<double> costs_;
  int slots_, gpu_slots_;
  std::map<Kind, double> waiting_;  // estimated seconds of tasks that haven't started, by kind
  std::map<int, Running> running_;
  std::map<Kind, Scale> scales_;
};

}  // namespace latentgrid
