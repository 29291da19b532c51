#include "plan/job_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace latentgrid {

namespace {

using Axes = std::vector<std::pair<std::string, Json>>;

const Json* value_on(const Axes& axes, const std::string& axis) {
  auto found = std::find_if(axes.begin(), axes.end(), [&](const auto& a) { return a.first == axis; });
  return found == axes.end() ? nullptr : &found->second;
}

bool agrees(const Axes& axes, const JobChoice& choice) {
  return std::all_of(choice.values.begin(), choice.values.end(), [&](const JobChoice::Value& wanted) {
    const Json* value = value_on(axes, wanted.axis);
    return value && std::find(wanted.values.begin(), wanted.values.end(), *value) != wanted.values.end();
  });
}

}  // namespace

std::vector<std::size_t> jobs_that_agree(const std::vector<Job>& jobs, const JobChoice& choice,
                                         Diagnostics& diagnostics) {
  std::vector<std::size_t> found;
  std::set<std::string> names;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Axes axes = jobs[i].axes();
    for (const auto& [axis, value] : axes) names.insert(axis);
    if (agrees(axes, choice)) found.push_back(i);
  }
  bool known = true;
  for (const JobChoice::Value& wanted : choice.values) {
    if (names.contains(wanted.axis)) continue;
    known = false;
    const std::string close = closest_match(wanted.axis, {names.begin(), names.end()});
    diagnostics.error(
        wanted.where, fmt::format("no job has an axis '{}'", wanted.axis),
        close.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", close));
  }
  if (known && found.empty() && !jobs.empty()) {
    diagnostics.error(choice.where, "no job of the grid agrees with these values",
                      "latentgrid ls shows the jobs and their axes");
  }
  return found;
}

}  // namespace latentgrid
