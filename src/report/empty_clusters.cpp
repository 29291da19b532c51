#include "report/empty_clusters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace latentgrid {

namespace {

constexpr std::size_t most_rows_named = 20;  // rows; the rest is counted

}  // namespace

void add_empty_clusters(const TableSpec& spec, const ComparisonInput& input, const std::vector<RowGroup>& groups, Notes& notes) {
  std::vector<std::string> named;
  std::size_t rows = 0, jobs = 0;
  for (const RowGroup& group : groups) {
    std::vector<std::string> found;
    for (std::size_t i : group.rows) {
      const ResultRow& row = input.rows[i];
      if (!row.clusters_found || *row.clusters_found >= static_cast<double>(row.k)) continue;
      found.push_back(fmt::format("{} {}: {:.0f} of {}", spec.replicate, replicate_of(spec, row), *row.clusters_found, row.k));
    }
    jobs += found.size();
    if (!found.empty() && ++rows <= most_rows_named) named.push_back(fmt::format("{} [{}]", group.name, fmt::join(found, "; ")));
  }
  if (rows == 0) return;
  notes.foot.push_back(fmt::format("{} of {} jobs {} fewer clusters than k, which happens when many images have equal points.",
                                   jobs, input.rows.size(), jobs == 1 ? "has" : "have"));
  std::string text = fmt::format("These have fewer clusters than k: {}", fmt::join(named, ", "));
  if (rows > most_rows_named) text += fmt::format(", and {} more {}s, whose clusters found the table of all jobs shows", rows - most_rows_named, spec.pivot ? "cell" : "row");
  notes.details.push_back(text + ".");
}

}  // namespace latentgrid
