#pragma once

#include <string>
#include <vector>

#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What tables and figures are made from: the latest revision of a sweep, its jobs in the order of the file, and where
// their artifacts lie.
struct ReportData {
  const ResultsDb& db;
  const ArtifactStore& store;
  std::string sweep;
  SweepRevision revision;
  std::vector<ResultRow> rows;
};

}  // namespace latentgrid
