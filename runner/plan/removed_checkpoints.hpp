#pragma once

#include "db/results_db.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// A checkpoint that was recorded and is gone, as `gc --checkpoints` leaves it, is made again only where something that is
// missing reads it: the others are taken out of `missing`. Call it after mark_published().
void leave_removed_checkpoints(TaskGraph& graph, const ResultsDb& db);
// The same with the database of a results folder; nothing happens where there is none that can be read.
void leave_removed_checkpoints(TaskGraph& graph, const ArtifactStore& store);

}  // namespace latentgrid
