#include "run/eta.hpp"

#include <algorithm>

namespace latentgrid {

Eta::Eta(const TaskGraph& graph, std::vector<double> costs, int slots, int gpu_slots)
    : graph_(graph), costs_(std::move(costs)), slots_(std::max(slots, 1)), gpu_slots_(std::max(gpu_slots, 1)) {
  for (std::size_t task = 0; task < costs_.size(); ++task) waiting_[kind(static_cast<int>(task))] += costs_[task];
}

Eta::Kind Eta::kind(int task) const {
  const TaskNode& node = graph_.tasks[task];
  return {node.params->is_object() ? node.stage + '/' + node.params->value("method", "") : node.stage, node.on_gpu};
}

void Eta::started(int task, double now) {
  waiting_[kind(task)] -= costs_[task];
  running_[task] = {now, 0};
}

void Eta::progress(int task, double fraction, double) {
  auto found = running_.find(task);
  if (found != running_.end()) found->second.fraction = std::clamp(fraction, 0.0, 1.0);
}

void Eta::finished(int task, double now) {
  auto found = running_.find(task);
  if (found == running_.end()) return;
  Scale& scale = scales_[kind(task)];
  scale.actual += now - found->second.started;
  scale.estimated += costs_[task];
  running_.erase(found);
}

void Eta::retried(int task) {
  if (running_.erase(task) > 0) waiting_[kind(task)] += costs_[task];
}

void Eta::dropped(int task) {
  if (running_.erase(task) == 0) waiting_[kind(task)] -= costs_[task];
}

double Eta::scale(const Kind& kind) const {
  auto found = scales_.find(kind);
  return found == scales_.end() || found->second.estimated <= 0 ? 1 : found->second.actual / found->second.estimated;
}

double Eta::seconds_left(double now) const {
  double work = 0, work_on_gpus = 0, longest = 0;
  std::map<Kind, Scale> scales = scales_;
  for (const auto& [task, running] : running_) {
    double elapsed = now - running.started;
    double left;
    if (running.fraction > 0.02) {  // what it has done tells more than any estimate
      left = elapsed * (1 - running.fraction) / running.fraction;
      Scale& seen = scales[kind(task)];
      seen.actual += elapsed;
      seen.estimated += costs_[task] * running.fraction;
    } else {
      left = std::max(seconds_of(task) - elapsed, 0.0);
    }
    work += left;
    if (graph_.tasks[task].on_gpu) work_on_gpus += left;
    longest = std::max(longest, left);
  }
  for (const auto& [kind, estimated] : waiting_) {
    auto seen = scales.find(kind);
    bool known = seen != scales.end() && seen->second.estimated > 0;
    const double left = std::max(estimated, 0.0) * (known ? seen->second.actual / seen->second.estimated : 1);
    work += left;
    if (kind.second) work_on_gpus += left;
  }
  return std::max({work / slots_, work_on_gpus / std::min(gpu_slots_, slots_), longest});
}

}  // namespace latentgrid
