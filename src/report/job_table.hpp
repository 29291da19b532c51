#pragma once

#include "base/json.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// Every job of a sweep as the page shows them, columns rather than rows, as there may be a hundred thousand:
//   {"columns": [{"field", "title", "kind": "text" | "integer" | "real", "precision", "levels": [...], "values":
//   [...]}]}
// Axes that only this sweep has are columns too. Values of a text column count in its levels; a missing value is null.
// Columns without any value, and text columns that say the same of every job, are left out, but for the label; so are silhouettes of different
// embeddings, which must not be ranked together.
Json job_table(const ReportData& data);

}  // namespace latentgrid
