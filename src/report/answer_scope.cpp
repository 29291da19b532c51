#include "report/answer_scope.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "report/charts/common.hpp"
#include "report/empty_clusters.hpp"
#include "report/grouping.hpp"
#include "report/held_axes.hpp"

namespace latentgrid {

namespace {

// "3 of 18 jobs have no result (2 failed, 1 pending), so another setting may turn out to be better."
std::optional<std::string> what_is_missing(const ComparisonInput& input) {
  std::map<std::string, std::size_t> states;
  for (const ResultRow& row : input.rows) {
    if (row.state != "complete") ++states[row.state];
  }
  if (states.empty()) return std::nullopt;
  std::vector<std::string> parts;
  std::size_t missing = 0;
  for (const auto& [state, count] : states) {
    parts.push_back(fmt::format("{} {}", count, state));
    missing += count;
  }
  const bool all = missing == input.rows.size();
  return fmt::format("{} of {} {} no result ({}){}", missing, counted(input.rows.size(), "job"),
                     missing == 1 ? "has" : "have", fmt::join(parts, ", "),
                     all ? "." : ", so another setting may turn out to be better.");
}

// A table with a column of seeds or jobs has a row for each run.
bool lists_runs(const TableSpec& table) {
  return !table.pivot && std::any_of(table.columns.begin(), table.columns.end(), [&](const TableSpec::Column& column) {
    return column.field == table.replicate || column.field == "job";
  });
}

bool several_replicates(const ComparisonInput& input, const TableSpec& table) {
  return std::any_of(input.rows.begin(), input.rows.end(),
                     [&](const ResultRow& row) { return replicate_of(table, row) != replicate_of(table, input.rows.front()); });
}

// The conditions of the first table.
std::string which_jobs(const ComparisonInput& of_table, const TableSpec& table, const ComparisonInput& sweep) {
  std::vector<std::string> conditions;
  for (const Json& condition : table.where) conditions.push_back(condition.is_string() ? condition.get<std::string>() : condition.dump());
  return fmt::format("This is about the first table, which holds {} of the sweep's {}: those with {}.", of_table.rows.size(),
                     counted(sweep.rows.size(), "job"), charts::listed(conditions));
}

// What neither a condition nor a label says.
std::vector<HeldAxis> unsaid_in_answer(const ComparisonInput& of_table, const TableSpec& table) {
  TableSpec labels = table;
  labels.columns = {{"label", "", 0}};
  std::vector<HeldAxis> unsaid = unsaid_axes(labels, of_table.held, Grouping(labels, of_table).latent_in_full_labels());
  std::erase_if(unsaid, [&](const HeldAxis& axis) {
    return std::any_of(table.where.begin(), table.where.end(),
                       [&](const Json& condition) { return condition == fmt::format("{} = {}", axis.name, axis.value); });
  });
  return unsaid;
}

}  // namespace

std::vector<std::string> scope_of_answer(const ComparisonInput& of_table, const TableSpec& first_table, const ComparisonInput& sweep) {
  std::vector<std::string> all;
  if (lists_runs(first_table) && several_replicates(of_table, first_table)) {
    all.push_back(fmt::format("The first table lists single runs. Here the runs of one setting count as their mean over the {}s.",
                              first_table.replicate));
  }
  if (of_table.rows.size() < sweep.rows.size()) all.push_back(which_jobs(of_table, first_table, sweep));
  for (std::string& sentence : held_sentences(unsaid_in_answer(of_table, first_table), "of these jobs")) all.push_back(std::move(sentence));
  if (auto fewer = fewer_clusters_than_k(of_table.rows)) all.push_back(std::move(*fewer));
  if (auto missing = what_is_missing(of_table)) all.push_back(std::move(*missing));
  return all;
}

}  // namespace latentgrid
