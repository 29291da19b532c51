#include "report/empty_clusters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_rows_named = 20;  // rows; the rest is counted

bool has_fewer(const ResultRow& row) {
  return row["clusters_found"] && *row["clusters_found"] < static_cast<double>(row.k);
}

}  // namespace

std::optional<std::string> fewer_clusters_than_k(const ResultRows& jobs) {
  const auto fewer = std::count_if(jobs.begin(), jobs.end(), has_fewer);
  if (fewer == 0) return std::nullopt;
  return fmt::format("{} of {} {} fewer clusters than k, which happens when many images have equal points.", fewer,
                     counted(jobs.size(), "job"), fewer == 1 ? "has" : "have");
}

std::vector<CsvColumn> empty_cluster_columns(const ComparisonInput& input, const std::vector<RowGroup>& groups,
                                             const std::vector<std::vector<std::size_t>>& groups_of_row) {
  if (!fewer_clusters_than_k(input.rows)) return {};
  std::vector<CsvColumn> columns = {{"jobs with fewer clusters than k", {}}, {"fewest clusters found", {}}};
  for (const std::vector<std::size_t>& of_row : groups_of_row) {
    std::size_t jobs = 0;
    std::optional<double> fewest;
    for (std::size_t group : of_row) {
      for (std::size_t i : groups[group].rows) {
        const ResultRow& row = input.rows[i];
        jobs += has_fewer(row);
        if (row["clusters_found"]) fewest = std::min(fewest.value_or(*row["clusters_found"]), *row["clusters_found"]);
      }
    }
    columns[0].values.push_back(fmt::format("{}", jobs));
    columns[1].values.push_back(fewest ? fmt::format("{:.0f}", *fewest) : "");
  }
  return columns;
}

void add_empty_clusters(const TableSpec& spec, const ComparisonInput& input, const std::vector<RowGroup>& groups, Notes& notes) {
  std::vector<std::string> named;
  std::size_t rows = 0;
  for (const RowGroup& group : groups) {
    std::vector<std::string> found;
    for (std::size_t i : group.rows) {
      const ResultRow& row = input.rows[i];
      if (!has_fewer(row)) continue;
      found.push_back(fmt::format("{} {}: {:.0f} of {}", spec.replicate, replicate_of(spec, row), *row["clusters_found"], row.k));
    }
    if (!found.empty() && ++rows <= most_rows_named) named.push_back(fmt::format("{} [{}]", group.name, fmt::join(found, "; ")));
  }
  if (rows == 0) return;
  notes.footnotes.push_back(*fewer_clusters_than_k(input.rows));
  std::string text = fmt::format("These have fewer clusters than k: {}", fmt::join(named, ", "));
  if (rows > most_rows_named) text += fmt::format(", and {} more {}s, whose clusters found the table of all jobs shows", rows - most_rows_named, spec.pivot ? "cell" : "row");
  notes.details.push_back(text + ".");
}

}  // namespace latentgrid
