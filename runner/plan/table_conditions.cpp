#include "plan/table_conditions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "spec/report_fields.hpp"

namespace latentgrid {

namespace {

// The values of one column in the jobs: their texts, for a message, and whether one of them meets the condition.
struct Met {
  bool known = false, any = false;
  std::set<std::string> values, names;
};

Met look(const TableCondition& condition, const std::vector<Job>& jobs) {
  Met met;
  for (const Job& job : jobs) {
    bool has = false;
    for (const auto& [axis, value] : job.axes()) {
      met.names.insert(axis);
      if (axis != condition.column) continue;
      has = met.known = true;
      met.values.insert(value.is_string() ? value.get<std::string>() : value.dump());
      met.any = met.any || meets(condition, value);
    }
    if (condition.column == "latent_dim")
      met.any = met.any || meets(condition, job.latent_dim);  // `native` is a number too
    // What the sweep does not vary is on no axis.
    if (const Json value = has ? Json() : parameter_of(job, condition.column); !value.is_null()) {
      has = met.known = true;
      met.values.insert(value.is_string() ? value.get<std::string>() : value.dump());
      met.any = met.any || meets(condition, value);
    }
    if (!has) met.any = met.any || meets(condition, nullptr);
  }
  return met;
}

}  // namespace

void check_table_conditions(const std::vector<TableCondition>& conditions, const std::vector<Job>& jobs,
                            Diagnostics& diagnostics) {
  if (jobs.empty()) return;
  for (const TableCondition& written : conditions) {
    const Met met = look(written, jobs);
    if (!met.known && report_fields().contains(written.column)) continue;
    if (!met.known) {
      diagnostics.error(written.where, fmt::format("no job has an axis '{}'", written.column),
                        fmt::format("the axes are {}", fmt::join(met.names, ", ")));
    } else if (!met.any) {
      diagnostics.error(written.where, fmt::format("no job of the grid meets '{}'", written.text),
                        met.values.size() > 20
                            ? "latentgrid plan shows the jobs and their axes"
                            : fmt::format("the jobs have {} {}", written.column, fmt::join(met.values, ", ")));
    }
  }
}

}  // namespace latentgrid
