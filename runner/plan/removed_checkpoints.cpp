#include "plan/removed_checkpoints.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "methods/stages.hpp"

namespace latentgrid {

namespace {

bool is_read(const TaskGraph& graph, int task, std::int64_t extent) {
  const std::vector<int>& readers = graph.tasks[static_cast<std::size_t>(task)].dependents;
  return std::any_of(readers.begin(), readers.end(), [&](int reader) {
    const TaskNode& node = graph.tasks[static_cast<std::size_t>(reader)];
    return !node.complete() && std::any_of(node.inputs.begin(), node.inputs.end(), [&](const TaskInput& input) {
      return input.task == task && input.extent == extent;
    });
  });
}

}  // namespace

void leave_removed_checkpoints(TaskGraph& graph, const ResultsDb& db) {
  std::vector<std::pair<int, std::int64_t>> unread;
  std::vector<std::pair<std::string, ArtifactId>> names;
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const TaskNode& task = graph.tasks[i];
    if (!find_stage(task.stage).has_checkpoints()) continue;
    for (const std::int64_t extent : task.missing) {
      if (is_read(graph, static_cast<int>(i), extent)) continue;
      unread.emplace_back(static_cast<int>(i), extent);
      names.push_back({std::string(task.stage), {task.key, extent}});
    }
  }
  if (names.empty()) return;
  const std::vector<bool> recorded = db.recorded(names);
  for (std::size_t i = 0; i < unread.size(); ++i) {
    if (recorded[i]) std::erase(graph.tasks[static_cast<std::size_t>(unread[i].first)].missing, unread[i].second);
  }
}

void leave_removed_checkpoints(TaskGraph& graph, const ArtifactStore& store) {
  std::optional<ResultsDb> db;
  try {
    db = ResultsDb::open_for_reading(store.database());
  } catch (const Error&) {
    return;  // none yet, or one that the next run brings up to date: nothing is known to be recorded
  }
  leave_removed_checkpoints(graph, *db);
}

}  // namespace latentgrid
