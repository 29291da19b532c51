#include "cli/job_columns.hpp"

#include <algorithm>

#include "columns/fields.hpp"
#include "db/job_columns.hpp"

namespace latentgrid::cli {

namespace {

constexpr std::int64_t most_searched_for_axes = 10'000;  // jobs whose axes are all looked at before a page is shown

}  // namespace

std::vector<std::string> default_job_fields() {
  std::vector<std::string> columns;
  for (const JobField& field : job_fields) {
    if (field.is_default) columns.emplace_back(field.name);
  }
  return columns;
}

std::vector<std::string> with_varied(const ResultsDb& db, const SweepRevision& revision,
                                     std::vector<std::string> columns) {
  const JobColumns known(db, revision.id);
  if (known.jobs() > most_searched_for_axes) return columns;
  const std::vector<std::string> varied = known.varied_besides(columns);
  columns.insert(std::find(columns.begin(), columns.end(), "k"), varied.begin(), varied.end());
  return columns;
}

}  // namespace latentgrid::cli
