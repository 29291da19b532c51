#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "db/recording.hpp"
#include "db/results_db.hpp"
#include "plan/task_graph.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What the database gets of a published artifact. Throws Error if its record can't be read.
ArtifactRow artifact_row(const ArtifactStore& store, const TaskNode& task, std::int64_t extent, const Clock& clock);

bool is_readable(const ArtifactStore& store, const TaskNode& task, std::int64_t extent);
// Not there at all, or there with a record that can't be read.
void remove_unreadable(const ArtifactStore& store, const TaskNode& task, std::int64_t extent);

// Records what is published and not recorded, as a crash leaves it. `known`: of each job. Throws Error if some of it can't
// be read: it is removed then, and only planning anew can tell what is to be done for it.
void adopt_published(const TaskGraph& graph, const std::vector<JobStateRow>& known, const ArtifactStore& store,
                     ResultsDb& db, const Clock& clock);

}  // namespace latentgrid
