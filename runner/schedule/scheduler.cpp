#include "schedule/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace latentgrid {

namespace {

constexpr int most_tried = 64;  // of one need, where they are too long

bool contains(const std::vector<std::int64_t>& extents, std::int64_t extent) {
  return std::find(extents.begin(), extents.end(), extent) != extents.end();
}

}  // namespace

Scheduler::Scheduler(const TaskGraph& graph, std::vector<double> priority)
    : graph_(graph),
      priority_(std::move(priority)),
      states_(graph.tasks.size(), TaskState::waiting),
      unmet_(graph.tasks.size(), 0) {
  counts_[static_cast<int>(TaskState::waiting)] = static_cast<std::int64_t>(graph.tasks.size());
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const TaskNode& task = graph.tasks[i];
    if (task.complete()) {
      set_state(static_cast<int>(i), TaskState::reused);
      continue;
    }
    for (const TaskInput& input : task.inputs) unmet_[i] += graph.tasks[input.task].misses(input.extent);
    if (unmet_[i] == 0) make_ready(static_cast<int>(i));
  }
}

std::optional<int> Scheduler::next(std::int64_t free_threads, const std::vector<int>& free_gpus, const TakerOf& taker_of) {
  const bool nothing_runs = count(TaskState::running) == 0;
  std::optional<Ready> best;
  for (const auto& [needs, tasks] : ready_) {
    if ((needs.threads > free_threads && !nothing_runs) || !needs.has_gpu(free_gpus)) continue;
    int tried = 0;
    for (const Ready& ready : tasks) {
      if (best && !(ready < *best)) break;
      const Taker taker = taker_of ? taker_of(ready.task, needs.kind, needs.threads) : Taker::somebody;
      if (taker == Taker::somebody) best = ready;
      if (taker != Taker::nobody_with_enough_time || ++tried == most_tried) break;
    }
  }
  if (!best || !start(best->task)) return std::nullopt;
  return best->task;
}

bool Scheduler::start(int task) {
  if (states_[task] != TaskState::ready) return false;
  ready_[needs_of(task)].erase({priority_[task], task});
  set_state(task, TaskState::running);
  return true;
}

Scheduler::Needs Scheduler::needs_of(int task) const {
  const TaskNode& node = graph_.tasks[task];
  return {{node.stage, node.on_gpu}, node.threads, node.gpu};
}

bool Scheduler::Needs::has_gpu(const std::vector<int>& free_gpus) const {
  if (!kind.on_gpu) return true;
  if (gpu >= 0) return static_cast<std::size_t>(gpu) < free_gpus.size() && free_gpus[static_cast<std::size_t>(gpu)] > 0;
  return std::any_of(free_gpus.begin(), free_gpus.end(), [](int tasks) { return tasks > 0; });
}

void Scheduler::published(int task, std::int64_t extent) {
  if (!graph_.tasks[task].misses(extent) || released(task, extent)) return;
  release(task, [&](std::int64_t left) { return left == extent; });
  early_[task].push_back(extent);
}

void Scheduler::finished(int task) {
  set_state(task, TaskState::done);
  release(task, [](std::int64_t) { return true; });
}

template <typename Left>
void Scheduler::release(int task, const Left& left) {
  int previous = -1;  // a dependent is listed once for each of its inputs
  for (int dependent : graph_.tasks[task].dependents) {
    if (std::exchange(previous, dependent) == dependent || states_[dependent] != TaskState::waiting) continue;
    for (const TaskInput& input : graph_.tasks[dependent].inputs) {
      const bool awaited = input.task == task && graph_.tasks[task].misses(input.extent);
      if (awaited && left(input.extent) && !released(task, input.extent)) --unmet_[dependent];
    }
    if (unmet_[dependent] == 0) make_ready(dependent);
  }
}

bool Scheduler::released(int task, std::int64_t extent) const {
  auto found = early_.find(task);
  return found != early_.end() && contains(found->second, extent);
}

void Scheduler::retry(int task) { make_ready(task); }

void Scheduler::failed(int task, const std::vector<std::int64_t>& published) {
  set_state(task, TaskState::failed);
  auto left = [&](std::int64_t extent) { return contains(published, extent) || released(task, extent); };
  auto lacks = [&](const TaskInput& input) {
    return input.task == task && graph_.tasks[task].misses(input.extent) && !left(input.extent);
  };
  std::vector<int> stack;
  for (int dependent : graph_.tasks[task].dependents) {
    const std::vector<TaskInput>& inputs = graph_.tasks[dependent].inputs;
    if (std::any_of(inputs.begin(), inputs.end(), lacks)) stack.push_back(dependent);
  }
  release(task, left);
  while (!stack.empty()) {
    int next = stack.back();
    stack.pop_back();
    if (states_[next] != TaskState::waiting) continue;
    set_state(next, TaskState::skipped);
    const std::vector<int>& further = graph_.tasks[next].dependents;
    stack.insert(stack.end(), further.begin(), further.end());
  }
}

std::map<WorkKind, std::int64_t> Scheduler::at_hand() const {
  std::map<WorkKind, std::int64_t> tasks = running_;
  for (const auto& [needs, ready] : ready_) tasks[needs.kind] += static_cast<std::int64_t>(ready.size());
  return tasks;
}

void Scheduler::set_state(int task, TaskState state) {
  const WorkKind kind{graph_.tasks[task].stage, graph_.tasks[task].on_gpu};
  if (states_[task] == TaskState::running) --running_[kind];
  if (state == TaskState::running) ++running_[kind];
  --counts_[static_cast<int>(states_[task])];
  ++counts_[static_cast<int>(state)];
  states_[task] = state;
}

void Scheduler::make_ready(int task) {
  set_state(task, TaskState::ready);
  ready_[needs_of(task)].insert({priority_[task], task});
}

}  // namespace latentgrid
