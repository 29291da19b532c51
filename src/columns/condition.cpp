#include "columns/condition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "columns/names.hpp"

namespace latentgrid {

namespace {

bool orders(Relation relation) {
  return relation != Relation::equal && relation != Relation::not_equal;
}

// Longer ones first: "<=" begins with "<".
constexpr std::array<std::pair<std::string_view, Relation>, 7> operators = {{{"!=", Relation::not_equal},
                                                                               {"<=", Relation::at_most},
                                                                               {">=", Relation::at_least},
                                                                               {"==", Relation::equal},
                                                                               {"=", Relation::equal},
                                                                               {"<", Relation::less},
                                                                               {">", Relation::greater}}};

// Comparisons of other languages, and slips, with what to write here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> mistaken = {
    {{"=>", ">="}, {"=<", "<="}, {"<>", "!="}, {"=!", "!="}, {"!==", "!="}, {"===", "="}, {"><", "!="}}};

// Where the text ends that begins here: at a comma outside of brackets, or at the end.
std::size_t end_of_value(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']') --depth;
    if (text[i] == ',' && depth <= 0) return i;
  }
  return text.size();
}

bool in_brackets(std::string_view text) {
  return text.size() >= 2 && text.front() == '[' && text.back() == ']' && end_of_value(text) == text.size();
}

std::vector<std::string> values_in(std::string_view text) {
  text = trimmed(text);
  if (in_brackets(text)) text = text.substr(1, text.size() - 2);
  std::vector<std::string> values;
  for (;;) {
    const std::size_t end = end_of_value(text);
    values.emplace_back(trimmed(text.substr(0, end)));
    if (end == text.size()) return values;
    text.remove_prefix(end + 1);
  }
}

void check_order(const Condition& condition, std::string_view text) {
  if (!orders(condition.relation)) return;
  if (condition.values.size() != 1) {
    throw UsageError(
        fmt::format("the condition '{}' compares with several values; <, <=, > and >= take one number", text));
  }
  if (!number_in(condition.values[0])) {
    throw UsageError(fmt::format("the condition '{}' compares with '{}', which is not a number; <, <=, > and >= take "
                                 "one number, = and != take text too",
                                 text, condition.values[0]));
  }
}

std::string wanted_text(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return value.is_null() ? "-" : text_of(to_cell(value));
}

// Of a text too.
std::optional<double> any_number_of(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text ? number_in(*text) : number_of(cell);
}

bool equals(const std::string& column, const std::string& wanted, const Cell& cell) {
  if (wanted.empty() || wanted == "-") return is_nothing(cell);
  if (const auto* text = std::get_if<std::string>(&cell)) {
    if (*text == wanted) return true;
    if (in_brackets(*text) && in_brackets(wanted)) return values_in(*text) == values_in(wanted);
    return holds_methods(column) && letters_of_methods(*text) == letters_of_methods(wanted);
  }
  const std::optional<double> number = any_number_of(cell);
  if (!number) return false;
  if (std::holds_alternative<std::int64_t>(cell) && (wanted == "true" || wanted == "false")) {
    return *number == (wanted == "true" ? 1 : 0);
  }
  return number_in(wanted) == number;
}

}  // namespace

std::string list_of(const std::vector<std::string>& values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

Condition parse_condition(std::string_view text) {
  const std::size_t place = text.find_first_of("=!<>");
  const std::string_view column = trimmed(text.substr(0, place));
  if (place == std::string_view::npos || column.empty()) {
    throw UsageError(fmt::format(
        "the condition '{}' has no {}; write NAME=VALUE, NAME!=VALUE, NAME<VALUE or NAME>=VALUE, for example "
        "state=failed",
        text, column.empty() ? "name" : "comparison"));
  }
  const std::string_view rest = text.substr(place), symbol = rest.substr(0, rest.find_first_not_of("=!<>"));
  for (const auto& [word, meant] : mistaken) {
    if (symbol != word) continue;
    throw UsageError(fmt::format("the condition '{}' has a comparison that does not exist, '{}'; write {}", text, word, meant));
  }
  for (const auto& [word, relation] : operators) {
    if (!text.substr(place).starts_with(word)) continue;
    Condition condition{canonical_column(column), relation, values_in(text.substr(place + word.size()))};
    check_order(condition, text);
    return condition;
  }
  throw UsageError(fmt::format("the condition '{}' has a '!' without '='; write NAME!=VALUE", text));
}

Condition equals_condition(std::string_view column, const Json& value) {
  Condition condition{canonical_column(column), Relation::equal, {}};
  if (value.is_array()) {
    for (const Json& item : value) condition.values.push_back(wanted_text(item));
  } else {
    condition.values.push_back(wanted_text(value));
  }
  return condition;
}

std::string_view other_name_of(std::string_view column) {
  return column == "latent_dim" ? "latent" : "";
}

bool meets(const Condition& condition, const Cell& cell, const Cell& other_name) {
  if (is_nothing(other_name)) return meets(condition, cell);
  if (condition.relation == Relation::not_equal) return meets(condition, cell) && meets(condition, other_name);
  return meets(condition, cell) || meets(condition, other_name);
}

std::string text_of(const Condition& condition) {
  const auto symbol = std::find_if(operators.begin(), operators.end(), [&](const auto& known) {
    return known.second == condition.relation && known.first != "==";
  });
  return fmt::format("{} {} {}", condition.column, symbol->first, fmt::join(condition.values, ", "));
}

bool meets(const Condition& condition, const Cell& cell) {
  if (!orders(condition.relation)) {
    const bool any = std::any_of(condition.values.begin(), condition.values.end(), [&](const std::string& wanted) {
      return equals(condition.column, wanted, cell);
    });
    const bool list = condition.values.size() > 1 && equals(condition.column, list_of(condition.values), cell);
    return (any || list) == (condition.relation == Relation::equal);
  }
  const std::optional<double> number = any_number_of(cell), limit = number_in(condition.values.at(0));
  if (!number || !limit) return false;
  switch (condition.relation) {
    case Relation::less:
      return *number < *limit;
    case Relation::at_most:
      return *number <= *limit;
    case Relation::greater:
      return *number > *limit;
    default:
      return *number >= *limit;
  }
}

}  // namespace latentgrid
