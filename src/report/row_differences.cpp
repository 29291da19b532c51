#include "report/row_differences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "report/parameters.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t fewest_rows = 3;  // of fewer, none is common

std::string text(const std::string& axis, const std::string& value) { return fmt::format("{} = {}", axis, value); }

}  // namespace

RowDifferences::RowDifferences(const TableSpec& spec, const ComparisonInput& input, std::vector<RowGroup>& groups)
    : spec_(spec), input_(input), groups_(groups) {
  for (const RowGroup& group : groups_) values_.push_back(axes_of(group));
}

std::string RowDifferences::tell_apart(const std::vector<Members>& look_alikes) {
  for (const Members& members : look_alikes) axes_.merge(differing_axes(members));
  for (std::size_t row = 0; row < groups_.size(); ++row) {
    for (const std::string& axis : axes_) add_parameter(row, axis);
  }
  std::vector<std::string> common;
  for (const std::string& axis : axes_) {
    if (leave_out_common(axis, look_alikes)) common.push_back(text(axis, left_out_.at(axis)));
  }
  for (std::size_t row = 0; row < groups_.size(); ++row) groups_[row].difference = said(row);
  return fmt::format("{}", fmt::join(common, ", "));
}

// Of the jobs of a row, those axes that are the same in all of them.
RowDifferences::Values RowDifferences::axes_of(const RowGroup& group) const {
  Values values;
  std::set<std::string> averaged;
  // Without averages the jobs of a row differ in the replicate alone.
  const std::size_t asked = spec_.average_over.empty() ? 1 : group.rows.size();
  for (std::size_t i = 0; i < asked; ++i) {
    Values of_job;
    for (const auto& [axis, value] : input_.axes_of(input_.rows[group.rows[i]].job)) {
      const bool over = std::any_of(spec_.average_over.begin(), spec_.average_over.end(),
                                    [&, axis = axis](const std::string& name) { return says(axis, name); });
      if (axis != spec_.replicate && !over && repeated_column(axis).empty()) of_job[axis] = value_text(axis, value);
    }
    if (i == 0) values = of_job;
    for (const auto& [axis, value] : of_job) {
      if (!values.contains(axis) || values[axis] != value) averaged.insert(axis);
    }
    for (const auto& [axis, value] : values) {
      if (!of_job.contains(axis)) averaged.insert(axis);
    }
  }
  for (const std::string& axis : averaged) values.erase(axis);
  return values;
}

// What is an axis of one row only, because another sweep varied it there, has a value in the others all the same.
void RowDifferences::add_parameter(std::size_t row, const std::string& axis) {
  if (values_[row].contains(axis) || !spec_.average_over.empty() || !input_.parameter_of) return;
  const Json value = input_.parameter_of(input_.rows[groups_[row].rows.front()].job, axis);
  if (!value.is_null()) values_[row][axis] = parameter_text(axis, value);
}

std::set<std::string> RowDifferences::differing_axes(const Members& members) {
  std::set<std::string> axes;
  for (std::size_t row : members) {
    for (const auto& [axis, value] : values_[row]) axes.insert(axis);
  }
  std::erase_if(axes, [&](const std::string& axis) {
    std::set<std::optional<std::string>> known;
    for (std::size_t row : members) {
      add_parameter(row, axis);
      known.insert(values_[row].contains(axis) ? std::optional(values_[row][axis]) : std::nullopt);
    }
    return known.size() == 1;
  });
  return axes;
}

std::string RowDifferences::said(std::size_t row) const {
  std::vector<std::string> parts;
  for (const std::string& axis : axes_) {
    const auto value = values_[row].find(axis), common = left_out_.find(axis);
    if (value == values_[row].end() || (common != left_out_.end() && common->second == value->second)) continue;
    parts.push_back(text(axis, value->second));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// How many texts there are among rows that look alike.
std::size_t RowDifferences::distinct(const std::vector<Members>& look_alikes) const {
  std::size_t texts = 0;
  for (const Members& members : look_alikes) {
    std::set<std::string> of_members;
    for (std::size_t row : members) of_members.insert(said(row));
    texts += of_members.size();
  }
  return texts;
}

// False where no value is common, or where without it rows would look alike again.
bool RowDifferences::leave_out_common(const std::string& axis, const std::vector<Members>& look_alikes) {
  std::map<std::string, std::size_t> times;
  std::size_t rows = 0;
  for (const Values& values : values_) {
    const auto value = values.find(axis);
    if (value == values.end()) continue;
    ++times[value->second];
    ++rows;
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto common = std::max_element(times.begin(), times.end(), fewer);
  if (rows < fewest_rows || 4 * common->second <= 3 * rows) return false;
  const std::size_t before = distinct(look_alikes);
  left_out_[axis] = common->first;
  if (distinct(look_alikes) == before) return true;
  left_out_.erase(axis);
  return false;
}

}  // namespace latentgrid
