#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/results_db.hpp"
#include "db/row_sink.hpp"

namespace latentgrid {

// Everything about every job of a sweep's latest revision, or that of this number, one row a job in the order of its file: the columns of `results`
// but for params; silhouette and reason; every axis that is none of these, by its name ("tsne.perplexity"); every other
// metric of the artifacts on the path as "stage.metric", of a second reduction "reduce2.metric". NULL where a job has none.
// Needs memory for one row. No rows for an unknown sweep.
void export_results(const ResultsDb& db, const std::string& sweep, RowSink& sink,
                    std::optional<std::int64_t> revision = std::nullopt);

}  // namespace latentgrid
