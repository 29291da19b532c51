#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "db/results_db.hpp"
#include "figure/figure.hpp"
#include "report/overview.hpp"
#include "report/table.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct Report {
  std::string sweep;
  std::vector<Table> tables;
  std::vector<Figure> figures;
  std::vector<std::string> answer;      // which setting is best, in two or three sentences
  std::vector<OverviewEntry> overview;  // what the sweep is
  std::int64_t jobs = 0, incomplete = 0;
  Json job_table;  // every job, for the page; see page.hpp

  // What should be there and is not, a sentence each: jobs without results, figures and parts of them.
  std::vector<std::string> omissions() const;
};

enum class ReportParts { tables, everything };

// A `report:` section instead of the one that was recorded with the sweep.
struct ReportSection {
  Json json;                      // as Sweep::report
  std::set<std::string> not_run;  // its figures whose own tasks have not been run
  std::string file;               // which it stands in
};

// The tables and figures of a sweep's latest revision, as its `report:` section asks for them, from the database and
// the artifacts; nothing is computed anew but the measures (columns/measures.hpp) that a table asks for. Throws Error for a sweep that isn't there.
Report build_report(const ResultsDb& db, const ArtifactStore& store, const std::string& sweep, ReportParts parts,
                    const std::optional<ReportSection>& instead = std::nullopt,
                    std::optional<std::int64_t> revision = std::nullopt);

}  // namespace latentgrid
