#pragma once

#include "base/clock.hpp"
#include "db/results_db.hpp"
#include "pool/executor.hpp"
#include "run/interrupts.hpp"
#include "run/run_view.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What a run works with. Everything must outlive the run.
struct RunContext {
  const ArtifactStore& store;
  ResultsDb& db;
  Executor& executor;
  Interrupts& interrupts;
  const Clock& clock;
  RunView& view;
};

}  // namespace latentgrid
