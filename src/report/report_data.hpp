#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/axis_columns.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "report/result_rows.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What tables and figures are made from: the latest revision of a sweep, its jobs in the order of the file, and where
// their artifacts lie.
struct ReportData {
  ReportData(const ResultsDb& results, const ArtifactStore& artifacts, std::string sweep_name, SweepRevision latest,
             ResultRows jobs)
      : db(results),
        store(artifacts),
        sweep(std::move(sweep_name)),
        revision(std::move(latest)),
        rows(std::move(jobs)) {}

  // Of all jobs, by name, with methods as reports write them; read when first asked for. Not thread-safe.
  const std::vector<AxisColumn>& axes() const;

  std::vector<std::size_t> every_row() const;  // all places in `rows`

  const ResultsDb& db;
  const ArtifactStore& store;
  std::string sweep;
  SweepRevision revision;
  ResultRows rows;
  std::map<std::string, std::string> not_run;  // figures whose own tasks have not been run, and a sentence that says so

 private:
  mutable std::optional<std::vector<AxisColumn>> axes_;
};

}  // namespace latentgrid
