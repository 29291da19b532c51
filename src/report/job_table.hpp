#pragma once

#include "base/json.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// Every job of a sweep as the page shows them, columns rather than rows, as there may be a hundred thousand:
//   {"columns": [{"field", "title", "kind": "text" | "integer" | "real", "precision", "levels": [...], "values": [...],
//                 "hidden": "same" | "repeats"}]}
// The label comes first, then the scores, then what the job is; axes that only this sweep has are columns too. Values of
// a text column count in its levels; a missing value is null. "hidden" columns need not be shown: one has the "same" value
// in every job, or "repeats" another. Columns without any value are left out; so are silhouettes of different embeddings,
// which must not be ranked together.
Json job_table(const ReportData& data);

}  // namespace latentgrid
