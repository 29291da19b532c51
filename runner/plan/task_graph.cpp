#include "plan/task_graph.hpp"

#include <algorithm>

#include "plan/graph_builder.hpp"

namespace latentgrid {

TaskGraph build_task_graph(const std::vector<Job>& jobs, const DatasetIdentity& dataset) {
  TaskGraph graph;
  graph.jobs.reserve(jobs.size());
  // Most jobs have a cluster and a score of their own, and share the rest. Room that is not used takes no memory.
  const std::size_t expected = 3 * jobs.size();
  graph.tasks.reserve(expected);
  GraphBuilder builder(dataset, graph, expected);
  for (const Job& job : jobs) builder.add(job);
  builder.finish();
  return graph;
}

void mark_newly_published(TaskGraph& graph, const ArtifactStore& store) {
  PublishedArtifacts published(store);
  for (TaskNode& task : graph.tasks) {
    std::erase_if(task.missing, [&](std::int64_t extent) { return published.contains(task.stage, task.key, extent); });
  }
}

void mark_published(TaskGraph& graph, const ArtifactStore& store) {
  PublishedArtifacts published(store);
  for (TaskNode& task : graph.tasks) {
    task.missing.clear();
    for (std::int64_t extent : task.extents) {
      if (!published.contains(task.stage, task.key, extent)) task.missing.push_back(extent);
    }
  }
}

}  // namespace latentgrid
