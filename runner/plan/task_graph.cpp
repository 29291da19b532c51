#include "plan/task_graph.hpp"

#include <algorithm>

#include "base/cores.hpp"
#include "base/parallel.hpp"
#include "plan/graph_builder.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t tasks_at_once = 4096;

// Asking the file system takes microseconds, on a network milliseconds: in many threads where there is much to ask.
template <typename Function>
void for_tasks(TaskGraph& graph, const ArtifactStore& store, const Function& function) {
  const auto count = static_cast<std::int64_t>(graph.tasks.size());
  const int threads = std::min(usable_cores(), 8);
  parallel_for((count + tasks_at_once - 1) / tasks_at_once, threads, [&](std::int64_t chunk) {
    PublishedArtifacts published(store);
    const std::int64_t last = std::min((chunk + 1) * tasks_at_once, count);
    for (std::int64_t i = chunk * tasks_at_once; i < last; ++i) {
      function(graph.tasks[static_cast<std::size_t>(i)], published);
    }
  });
}

}  // namespace

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
  for_tasks(graph, store, [](TaskNode& task, PublishedArtifacts& published) {
    std::erase_if(task.missing, [&](std::int64_t extent) { return published.contains(task.stage, task.key, extent); });
  });
}

void mark_published(TaskGraph& graph, const ArtifactStore& store) {
  for_tasks(graph, store, [](TaskNode& task, PublishedArtifacts& published) {
    task.missing.clear();
    for (std::int64_t extent : task.extents) {
      if (!published.contains(task.stage, task.key, extent)) task.missing.push_back(extent);
    }
  });
}

}  // namespace latentgrid
