#include "report/row_differences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "report/parameters.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t fewest_rows = 3;  // of fewer, no value is common
constexpr double common_share = 0.75;   // of the rows: more than that

std::string assignment(const std::string& axis, const std::string& value) { return fmt::format("{} = {}", axis, value); }

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
    const std::optional<CommonValue> found = common_value(axis);
    if (!found || !leave_out(axis, found->value, look_alikes)) continue;
    if (!found->in_all) common.push_back(assignment(axis, found->value));
  }
  for (std::size_t row = 0; row < groups_.size(); ++row) {
    groups_[row].difference = difference_of(row, left_out_);
    groups_[row].whole_difference = difference_of(row, {});
  }
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

// An axis of some rows only, as another sweep varied it there, is a plain parameter of the others.
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
  for (std::size_t row : members) {
    for (const std::string& axis : axes) add_parameter(row, axis);
  }
  std::erase_if(axes, [&](const std::string& axis) {
    std::set<std::optional<std::string>> known;
    for (std::size_t row : members) {
      const auto value = values_[row].find(axis);
      known.insert(value == values_[row].end() ? std::nullopt : std::optional(value->second));
    }
    return known.size() == 1;
  });
  return axes;
}

std::string RowDifferences::difference_of(std::size_t row, const Values& left_out) const {
  std::vector<std::string> parts;
  for (const std::string& axis : axes_) {
    const auto value = values_[row].find(axis), common = left_out.find(axis);
    if (value == values_[row].end() || (common != left_out.end() && common->second == value->second)) continue;
    parts.push_back(assignment(axis, value->second));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// How many different texts look-alikes have. Fewer than before: some can't be told apart.
std::size_t RowDifferences::distinct(const std::vector<Members>& look_alikes) const {
  std::size_t texts = 0;
  for (const Members& members : look_alikes) {
    std::set<std::string> of_members;
    for (std::size_t row : members) of_members.insert(difference_of(row, left_out_));
    texts += of_members.size();
  }
  return texts;
}

std::optional<RowDifferences::CommonValue> RowDifferences::common_value(const std::string& axis) const {
  if (!spec_.average_over.empty()) return std::nullopt;  // a row may have several values, and says none
  std::map<std::string, std::size_t> times;
  std::size_t rows = 0;
  for (const Values& values : values_) {
    const auto value = values.find(axis);
    if (value == values.end()) continue;
    ++times[value->second];
    ++rows;
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(times.begin(), times.end(), fewer);
  const bool is_common = rows >= fewest_rows && static_cast<double>(most->second) > common_share * static_cast<double>(rows);
  if (times.size() > 1 && !is_common) return std::nullopt;
  return CommonValue{most->first, times.size() == 1};
}

// False where without it rows would look alike again.
bool RowDifferences::leave_out(const std::string& axis, const std::string& value, const std::vector<Members>& look_alikes) {
  const std::size_t before = distinct(look_alikes);
  left_out_[axis] = value;
  if (distinct(look_alikes) == before) return true;
  left_out_.erase(axis);
  return false;
}

}  // namespace latentgrid
