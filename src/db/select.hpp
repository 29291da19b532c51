#pragma once

#include <string_view>

#include "db/results_db.hpp"
#include "db/row_sink.hpp"

namespace latentgrid {

// Runs one SELECT (or WITH, VALUES, EXPLAIN) that somebody typed. Anything that would write, attach another file or
// change a setting is a UsageError, also on a connection that could; so is a mistake in the SQL.
void select(const ResultsDb& db, std::string_view sql, RowSink& sink);

}  // namespace latentgrid
