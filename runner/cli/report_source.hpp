#pragma once

#include <optional>
#include <string>

#include "report/report.hpp"

namespace latentgrid::cli {

// What `report SWEEP` and `report FILE` are to show.
struct ReportSource {
  std::string sweep;
  std::optional<ReportSection> section;  // instead of the one that was recorded with the sweep
};

// `asked`: a sweep's name, or its file, whose report section is then taken as it is now. Says on stderr, a line each, what
// of the file has changed since it was run. Throws UsageError for an unknown sweep, and for a report section that is wrong,
// after printing what is.
ReportSource report_source(const ResultsDb& db, const std::string& asked);

}  // namespace latentgrid::cli
