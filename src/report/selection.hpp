#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// The jobs a figure is about, by their place in ReportData::rows and in that order. `jobs` may have
//   "where": {"architecture": ["AE1", "AE2"], "epochs": [20]}   one of the values in each of these columns
//                                                               (db/job_columns.hpp)
//   "best": "accuracy"    of those, the one complete job with the best value (fields.hpp says which way is better), the
//                         first in the file among equals; none by silhouettes of several embeddings, which are no
//                         ranking; default_best: by accuracy, or by recon_mse where no image has a label
//   "ids": ["3fa9c1"]     the jobs whose ids begin so, one each, in this order; nothing else beside it
// and none of them is all jobs. Nothing found is empty: the caller says so. Throws UsageError for a name that is neither a
// column nor a parameter of any job, with a suggestion.
std::vector<std::size_t> select_jobs(const ReportData& data, const Json& jobs);

// The same for a table: the jobs that meet all of some conditions, `["epochs >= 4", "architecture = AE1, AE2"]`.
std::vector<std::size_t> rows_that_meet(const ReportData& data, const Json& conditions);

// What "best" names; default_best where `jobs` is null, as for a figure whose sweep does not say which job it shows.
std::string field_of_best(const ReportData& data, const Json& jobs);

// Whether the clusters of these jobs (indices into ReportData::rows) were all found in the same embedding.
bool share_one_embedding(const ReportData& data, const std::vector<std::size_t>& rows);

}  // namespace latentgrid
