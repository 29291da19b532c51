#include "plan/job_conditions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/synonyms.hpp"
#include "columns/column_values.hpp"
#include "columns/fields.hpp"
#include "columns/metrics.hpp"

namespace latentgrid {

namespace {

Cell other_name(const Job& job, const std::string& column) {
  const std::string_view other = other_name_of(column);
  return other.empty() ? Cell() : column_value(job, std::string(other));
}

bool meets(const Job& job, const Condition& condition) {
  return latentgrid::meets(condition, column_value(job, condition.column), other_name(job, condition.column));
}

ColumnValues values_of(const std::vector<Job>& jobs, const std::string& column) {
  ColumnValues values;
  for (const Job& job : jobs) values.add(column_value(job, column), other_name(job, column));
  return values;
}

void say_unknown(const JobCondition& written, const std::vector<Job>& jobs, Diagnostics& diagnostics) {
  const std::string& column = written.condition.column;
  std::set<std::string> names;
  for (const Job& job : jobs) {
    for (const auto& [axis, value] : job.axes()) names.insert(axis);
  }
  std::string hint = did_you_mean(close_matches(column, {names.begin(), names.end()}));
  if (hint.empty()) {
    const std::string elsewhere = known_elsewhere(column);
    hint = fmt::format("{}the axes are {}", elsewhere.empty() ? "" : fmt::format("there is no {}; ", elsewhere), fmt::join(names, ", "));
  }
  diagnostics.error(written.of_column, fmt::format("no job has a column or parameter '{}'", column), hint);
}

// False after an error.
bool check(const JobCondition& written, const std::vector<Job>& jobs, Diagnostics& diagnostics) {
  const JobField* field = find_job_field(written.condition.column);
  const bool is_column = field && field->kind != JobField::Kind::made;
  const ColumnValues values = values_of(jobs, written.condition.column);
  if (values.empty() && !is_column) {
    say_unknown(written, jobs, diagnostics);
    return false;
  }
  const std::optional<ColumnValues::Missing> missing = values.missing(written.condition);
  if (!missing) return true;
  const bool met = values.meets(written.condition);
  const std::string problem = "no job " + missing->predicate;
  met ? diagnostics.warning(written.of_values, problem, missing->known)
      : diagnostics.error(written.of_values, problem, missing->known);
  return met;
}

}  // namespace

Cell column_value(const Job& job, const std::string& column) {
  if (column == "dataset") return job.dataset;
  if (column == "architecture") return job.architecture;
  if (column == "latent") return job.latent;
  if (column == "latent_dim") return job.latent_dim();
  if (column == "epochs") return job.training() ? Cell(job.epochs()) : Cell();
  if (column == "reduction") return name_of(job.reductions());
  if (column == "reduced_dim") return job.reduced_dim();
  if (column == "clustering") return job.clustering().method->name;
  if (column == "k") return job.k > 0 ? Cell(job.k) : Cell();
  if (column == "seed") return job.seed;
  if (column == "range" && job.range != PixelRange()) return range_text(job.range);
  return to_cell(parameter_of(job, column));
}

bool known_after_the_run(const std::string& column) {
  static const std::set<std::string> others = {"sweep", "job", "params", "state", "reason"};
  return others.contains(column) || find_metric(column);
}

std::vector<std::size_t> jobs_that_meet(const std::vector<Job>& jobs, const std::vector<JobCondition>& conditions,
                                        const SourcePosition& where, Diagnostics& diagnostics) {
  std::vector<std::size_t> found(jobs.size());
  std::iota(found.begin(), found.end(), std::size_t{0});
  if (jobs.empty()) return found;
  bool good = true;
  for (const JobCondition& written : conditions) {
    if (known_after_the_run(written.condition.column)) continue;
    good = check(written, jobs, diagnostics) && good;
    std::erase_if(found, [&](std::size_t job) { return !meets(jobs[job], written.condition); });
  }
  if (good && found.empty()) {
    diagnostics.error(where, "no job of the grid meets all of these conditions", "each of them is met, but by different jobs");
  }
  return found;
}

}  // namespace latentgrid
