#include "report/averages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/charts/common.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_values_listed = 12;  // beyond, their number is said

void sort_numbers(std::vector<std::string>& values) {
  if (!std::all_of(values.begin(), values.end(), [](const std::string& value) { return number_in(value).has_value(); })) return;
  std::stable_sort(values.begin(), values.end(),
                   [](const std::string& a, const std::string& b) { return *number_in(a) < *number_in(b); });
}

void add_once(std::vector<std::string>& values, const std::string& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

std::string value_list(const std::vector<std::string>& values) {
  if (values.size() <= most_values_listed) return fmt::format("{}", fmt::join(values, ", "));
  return fmt::format("{} values, {} to {}", values.size(), values.front(), values.back());
}

}  // namespace

bool Averages::the_same_in_all() const {
  return std::all_of(axes.begin(), axes.end(), [](const Axis& one) {
    return std::all_of(one.values.begin(), one.values.end(), [&](const auto& values) { return values == one.values.front(); });
  });
}

std::string Averages::text() const {
  std::vector<std::string> parts;
  for (const Axis& one : axes) {
    std::vector<std::string> all;
    for (const std::vector<std::string>& values : one.values) {
      if (values.size() < 2) continue;  // of one value, whatever the group is an average over
      for (const std::string& value : values) add_once(all, value);
    }
    sort_numbers(all);
    parts.push_back(fmt::format("{} ({})", one.name, value_list(all)));
  }
  return charts::listed(parts);
}

std::string Averages::text_of(std::size_t group) const {
  std::vector<std::string> parts;
  for (const Axis& one : axes) {
    if (!one.values.at(group).empty()) parts.push_back(fmt::format("{} {}", one.name, value_list(one.values[group])));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

bool Averages::is_average(std::size_t group) const {
  return std::any_of(axes.begin(), axes.end(), [&](const Axis& one) { return one.values.at(group).size() > 1; });
}

Averages averages(const Grouping& grouping, const std::vector<RowGroup>& groups) {
  Averages found;
  for (const std::string& name : grouping.averaged_over(groups)) {
    Averages::Axis axis{title_of_field(name), {}};
    for (const RowGroup& group : groups) {
      std::vector<std::string>& values = axis.values.emplace_back();
      for (std::size_t row : group.rows) {
        if (const std::string value = grouping.value_text(row, name); value != cell_text({})) add_once(values, value);
      }
      sort_numbers(values);
    }
    // A column and a parameter may be one thing: k and kmeans.k.
    const bool said = std::any_of(found.axes.begin(), found.axes.end(), [&](const Averages::Axis& other) {
      return other.name == axis.name && other.values == axis.values;
    });
    if (!said) found.axes.push_back(std::move(axis));
  }
  return found;
}

}  // namespace latentgrid
