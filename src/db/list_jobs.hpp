#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columns/condition.hpp"
#include "db/results_db.hpp"
#include "db/row_sink.hpp"

namespace latentgrid {

// Some jobs of a sweep.
struct ResultsQuery {
  std::string sweep;
  std::optional<std::int64_t> revision;  // its number; nothing: the latest
  std::vector<std::string> columns;      // canonical or not, see db/job_columns.hpp; empty: results_columns()
  std::vector<Condition> conditions;
  std::string sort;         // a column; "": the order of the sweep's file
  bool descending = false;  // NULL is last either way
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
};

// Rows go to `sink`; the return value counts all that meet the conditions, beyond the limit too. Throws UsageError for
// a name that is neither a column nor a parameter of any job.
std::int64_t select_results(const ResultsDb& db, const ResultsQuery& query, RowSink& sink);

// The jobs of a revision that meet all conditions, by their position in the file. This is what `ls --where`, a table's
// `where` and a figure's `jobs` mean. Throws UsageError for a name that no job has.
std::vector<std::size_t> jobs_that_meet(const ResultsDb& db, std::int64_t revision, const std::vector<Condition>& conditions);

}  // namespace latentgrid
