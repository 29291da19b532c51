#include "plan/cost.hpp"

#include <algorithm>

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

// Of a stage that says no costs, in seconds on one core.
constexpr double images_per_s = 1e5;
constexpr double seconds_at_least = 0.02;
constexpr std::int64_t assumed_width = 64;  // of latents, which the graph does not know

// A map may be of other images than the sweep's.
double images_loaded(const TaskNode& load, double sweeps_own) {
  const Json& identity = *load.params;
  if (identity.contains("shape")) return identity["shape"].at(0);
  const bool counted = identity.contains("synthetic") && !identity.contains("indices");
  return counted ? identity["synthetic"].value("images", sweeps_own) : sweeps_own;
}

// Dimensions of the points that a task makes; `width`: of those that it is made from.
std::int64_t width_made(const TaskNode& task, std::int64_t width) {
  const MethodSpec* method = task.params ? method_of(task.stage, *task.params) : nullptr;
  if (!method || method->kind != MethodKind::reduction) return assumed_width;
  return method->has_slices() ? task.extents.back() : method->result_width(*task.params, width);
}

double cost_of(const TaskNode& task, double images, std::int64_t width, const RecordedCost& recorded) {
  const MethodSpec* method = task.params ? method_of(task.stage, *task.params) : nullptr;
  // Runs along an extent take as long as they are long.
  const bool alike = !method || !method->extent || method->has_slices();
  if (alike && recorded) {
    if (std::optional<double> seconds = recorded(task.stage, method ? method->name : "")) return *seconds;
  }
  const PointsSize points{.count = static_cast<std::int64_t>(images), .width = width};
  if (method && method->cost) return method->cost(*task.params, task.missing.back(), points, task.on_gpu);
  const StageSpec& stage = find_stage(task.stage);
  return stage.cost ? stage.cost(images) : images / images_per_s;
}

}  // namespace

std::vector<double> estimate_costs(const TaskGraph& graph, std::int64_t images, const RecordedCost& recorded) {
  std::vector<double> costs, counts;   // counts: of the images that a task's input is made from
  std::vector<std::int64_t> widths;    // of the points that a task makes
  costs.reserve(graph.tasks.size());
  counts.reserve(graph.tasks.size());
  widths.reserve(graph.tasks.size());
  for (const TaskNode& task : graph.tasks) {
    const std::int64_t width = task.inputs.empty() ? assumed_width : widths[static_cast<std::size_t>(task.inputs.front().task)];
    widths.push_back(width_made(task, width));
    counts.push_back(task.inputs.empty() ? images_loaded(task, static_cast<double>(images))
                                         : counts[static_cast<std::size_t>(task.inputs.front().task)]);
    costs.push_back(task.complete() ? 0 : std::max(cost_of(task, counts.back(), width, recorded), seconds_at_least));
  }
  return costs;
}

std::vector<double> critical_paths(const TaskGraph& graph, const std::vector<double>& costs) {
  std::vector<double> path(graph.tasks.size(), 0);
  for (std::size_t i = graph.tasks.size(); i-- > 0;) {
    double after = 0;
    for (int dependent : graph.tasks[i].dependents) after = std::max(after, path[dependent]);
    path[i] = costs[i] + after;
  }
  return path;
}

}  // namespace latentgrid
