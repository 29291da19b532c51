#include "columns/column_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "methods/parameter_names.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_listed = 20;

bool asks_for_nothing(const std::string& value) {
  return value.empty() || value == "-";
}

}  // namespace

bool ColumnValues::empty() const {
  return std::all_of(values_.begin(), values_.end(), [](const auto& value) { return is_nothing(value.first); });
}

bool ColumnValues::meets(const Condition& condition) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& value) { return latentgrid::meets(condition, value.first, value.second); });
}

std::optional<ColumnValues::Missing> ColumnValues::missing(const Condition& condition) const {
  const bool names_values = condition.relation == Relation::equal || condition.relation == Relation::not_equal;
  const bool names_a_list = names_values && condition.values.size() > 1 &&
                            meets({condition.column, Relation::equal, {list_of(condition.values)}});
  std::vector<std::string> nowhere;
  for (const std::string& value : condition.values) {
    if (names_values && !names_a_list && !meets({condition.column, Relation::equal, {value}})) nowhere.push_back(value);
  }
  if (nowhere.size() == 1 && asks_for_nothing(nowhere[0])) {
    return Missing{fmt::format("is without {}", condition.column), known(condition.column)};
  }
  std::erase_if(nowhere, asks_for_nothing);
  if (!nowhere.empty()) return Missing{fmt::format("has {} {}", condition.column, fmt::join(nowhere, " or ")), known(condition.column)};
  if (meets(condition)) return std::nullopt;
  return Missing{fmt::format("has {}", text_of(condition)), known(condition.column)};
}

// Numbers first, ascending.
std::string ColumnValues::known(const std::string& column) const {
  std::set<double> numbers;
  std::vector<std::string> names;
  for (const auto& [value, other_name] : values_) {
    for (const Cell* cell : {&value, &other_name}) {
      if (is_nothing(*cell)) continue;
      const std::optional<double> number = number_of(*cell);
      const std::string word = number ? std::string(value_word(column, *number)) : "", text = word.empty() ? text_of(*cell) : word;
      if (number && word.empty()) {
        numbers.insert(*number);
      } else if (!number_in(text) && std::find(names.begin(), names.end(), text) == names.end()) {
        names.push_back(text);
      }
    }
  }
  if (numbers.empty() && names.empty()) return "no job has a value there";
  const bool only_one = numbers.size() + names.size() == 1;
  if (numbers.size() > most_listed) {
    return fmt::format("there are {} values from {} to {}", numbers.size(), *numbers.begin(), *numbers.rbegin());
  }
  std::vector<std::string> listed;
  for (double number : numbers) listed.push_back(fmt::format("{}", number));
  listed.insert(listed.end(), names.begin(), names.end());
  const std::size_t more = listed.size() > most_listed ? listed.size() - most_listed : 0;
  listed.resize(listed.size() - more);
  return fmt::format("there {} {}{}", only_one ? "is only" : "are", fmt::join(listed, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace latentgrid
