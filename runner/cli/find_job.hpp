#pragma once

#include <string>

#include "cli/commands.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

// The id of the one job that begins with `prefix`. Throws UsageError if there is none, or more than one: then it lists
// them.
std::string find_job(const ResultsDb& db, const std::string& prefix);

// A job as the database has it, a sweep that has it, and where its artifacts lie.
struct FoundJob {
  JobDetail job;
  SweepRevision revision;
  ArtifactStore store;
};
FoundJob find_job(const Context& context, const std::string& prefix);

}  // namespace latentgrid::cli
