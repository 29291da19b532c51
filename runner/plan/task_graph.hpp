#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "plan/dataset_identity.hpp"
#include "plan/job.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct TaskInput {
  std::string_view name;    // a literal: "images", "model", "points", "clusters", "labels"
  int task = -1;            // index into TaskGraph::tasks
  std::int64_t extent = 0;  // which of that family's artifacts
  bool hashed = true;       // false: the reader's own parameters say what matters of it
};

// One family: tasks that differ in their extent only, done by one execution.
struct TaskNode {
  std::string stage;
  std::string key;
  std::shared_ptr<const Json> params;
  std::vector<TaskInput> inputs;
  std::shared_ptr<const Json> dataset;  // whose images or labels it reads, where that isn't the sweep's own
  std::int64_t seed = 0;                // 0 where the stage draws no random numbers
  std::int64_t threads = 1;
  bool may_share = false;             // its numbers don't depend on threads: it may be lent some
  bool on_gpu = false;
  int gpu = -1;                       // which, if the sweep says so (cuda:1); -1: any
  std::vector<std::int64_t> extents;  // needed, ascending
  std::vector<std::int64_t> missing;  // of those, not yet published; filled by mark_published
  std::vector<int> dependents;        // tasks that read this one's artifacts

  bool complete() const { return missing.empty(); }
  bool misses(std::int64_t extent) const { return std::find(missing.begin(), missing.end(), extent) != missing.end(); }
};

struct JobStep {
  int task = -1;
  std::int64_t extent = 0;
  int step = 0;  // counts the reductions of a chain; 0 elsewhere
};

struct JobNode {
  std::string id;  // first 12 hex digits of the key
  std::string key;
  std::vector<JobStep> path;  // in the order of all_stages()
};

struct TaskGraph {
  std::vector<TaskNode> tasks;               // inputs come before what reads them
  std::vector<JobNode> jobs;                 // same order as the expansion's
  std::int64_t tasks_without_sharing = 0;    // sum over jobs of the stages on their path
  std::vector<std::string> sharing_refused;  // one line each: what could not be merged, and why
};

// Interns equal work by key and merges families. Deterministic: order of tasks and keys depend on the jobs alone.
TaskGraph build_task_graph(const std::vector<Job>& jobs, const DatasetIdentity& dataset);

// Fills `missing` of every task from what is published.
void mark_published(TaskGraph& graph, const ArtifactStore& store);
// The same once more, but asks only about what was missing.
void mark_newly_published(TaskGraph& graph, const ArtifactStore& store);

}  // namespace latentgrid
