#pragma once

#include "cli/sweep_options.hpp"
#include "db/results_db.hpp"
#include "db/revisions.hpp"
#include "plan/make_plan.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

// What the database keeps of a sweep and its jobs. The list refers to the plan.
SweepRecord sweep_record(const Plan& plan, const SweepOptions& options);
JobList job_list(const Plan& plan);

// What registering this plan would do, as far as there is a database that this program can read.
RevisionChange revision_change(const Plan& plan, const SweepOptions& options, const ArtifactStore& store);

}  // namespace latentgrid::cli
