#include "run/artifact_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_adopted_at_once = 1000;

using Published = std::vector<std::pair<int, std::int64_t>>;  // task and extent, sorted

// A job that the database calls complete has all its rows.
Published published_of_incomplete(const TaskGraph& graph, const std::vector<JobStateRow>& known) {
  Published published;
  for (std::size_t job = 0; job < known.size(); ++job) {
    if (known[job].state == JobState::complete) continue;
    for (const JobStep& step : graph.jobs[job].path) {
      if (!graph.tasks[step.task].misses(step.extent)) published.emplace_back(step.task, step.extent);
    }
  }
  std::sort(published.begin(), published.end());
  published.erase(std::unique(published.begin(), published.end()), published.end());
  return published;
}

}  // namespace

ArtifactRow artifact_row(const ArtifactStore& store, const TaskNode& task, std::int64_t extent, const Clock& clock) {
  const ArtifactId id{task.key, extent};
  return {task.stage, id, store.read_record(task.stage, id), clock.utc_timestamp()};
}

bool is_readable(const ArtifactStore& store, const TaskNode& task, std::int64_t extent) {
  try {
    store.read_record(task.stage, {task.key, extent});
    return true;
  } catch (const Error&) {
    return false;
  }
}

void remove_unreadable(const ArtifactStore& store, const TaskNode& task, std::int64_t extent) {
  const ArtifactId id{task.key, extent};
  if (store.exists(task.stage, id) && !is_readable(store, task, extent)) store.remove(task.stage, id);
}

void adopt_published(const TaskGraph& graph, const std::vector<JobStateRow>& known, const ArtifactStore& store,
                     ResultsDb& db, const Clock& clock) {
  const Published published = published_of_incomplete(graph, known);
  std::vector<std::pair<std::string, ArtifactId>> names;
  for (const auto& [task, extent] : published) names.push_back({graph.tasks[task].stage, {graph.tasks[task].key, extent}});
  const std::vector<bool> recorded = db.recorded(names);
  std::vector<ArtifactRow> rows;
  std::size_t unreadable = 0;
  for (std::size_t i = 0; i < published.size(); ++i) {
    const TaskNode& task = graph.tasks[published[i].first];
    const std::int64_t extent = published[i].second;
    if (!recorded[i] && is_readable(store, task, extent)) {
      rows.push_back(artifact_row(store, task, extent, clock));
    } else if (!recorded[i]) {
      remove_unreadable(store, task, extent);
      ++unreadable;
    }
    if (rows.size() < most_adopted_at_once && i + 1 < published.size()) continue;
    record_results(db, rows, {}, {});
    rows.clear();
  }
  if (unreadable == 0) return;
  throw Error(fmt::format("the records of {} artifact{} could not be read and {} removed: run again to make {} anew",
                          unreadable, unreadable == 1 ? "" : "s", unreadable == 1 ? "was" : "were",
                          unreadable == 1 ? "it" : "them"));
}

}  // namespace latentgrid
