#include "report/foot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "report/fields.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_named = 20;  // incomplete rows; the rest is counted

bool shows_any(const TableSpec& spec, const std::vector<std::string>& names) {
  return std::any_of(spec.columns.begin(), spec.columns.end(), [&](const TableSpec::Column& column) {
    return std::find(names.begin(), names.end(), column.field) != names.end();
  });
}

// The replicate's value, where it is a column of integers: 0, 1, 2.
std::int64_t replicate_of(const TableSpec& spec, const ResultRow& row) {
  const auto* number = std::get_if<std::int64_t ResultRow::*>(&find_field(spec.replicate).source);
  return number ? row.*(*number) : 0;
}

void add_replicates(std::vector<std::string>& foot, const TableSpec& spec, const ComparisonInput& input,
                    const std::vector<RowGroup>& groups) {
  std::set<std::int64_t> values;
  for (const ResultRow& row : input.rows) values.insert(replicate_of(spec, row));
  bool several = std::any_of(groups.begin(), groups.end(), [](const RowGroup& group) { return group.rows.size() > 1; });
  if (values.empty()) return;
  if (!several) {
    if (values.size() == 1) foot.push_back(fmt::format("One {} ({}).", spec.replicate, *values.begin()));
    return;
  }
  std::string list = values.size() <= most_named ? fmt::format("{}", fmt::join(values, ", "))
                                                 : fmt::format("{} to {}", *values.begin(), *values.rbegin());
  foot.push_back(
      fmt::format("Mean ± sample standard deviation (n - 1 in the denominator) over n of {} {}s ({}), n in brackets.",
                  values.size(), spec.replicate, list));
}

void add_incomplete(std::vector<std::string>& foot, const TableSpec& spec, const ComparisonInput& input,
                    const std::vector<RowGroup>& groups) {
  std::vector<std::string> named;
  std::size_t rows = 0, jobs = 0;
  for (const RowGroup& group : groups) {
    std::vector<std::string> parts;
    for (std::size_t i : group.rows) {
      const ResultRow& row = input.rows[i];
      if (row.state == "complete") continue;
      ++jobs;
      std::string reason = row.reason.empty() ? "" : ": " + row.reason;
      parts.push_back(fmt::format("{} {} {}{}", spec.replicate, replicate_of(spec, row), row.state, reason));
    }
    if (parts.empty()) continue;
    if (++rows <= most_named) named.push_back(fmt::format("{} [{}]", group.label, fmt::join(parts, "; ")));
  }
  if (rows == 0) return;
  std::string text =
      fmt::format("Incomplete, {} of {} jobs missing: {}", jobs, input.rows.size(), fmt::join(named, ", "));
  if (rows > most_named) text += fmt::format(", and {} more rows", rows - most_named);
  foot.push_back(text + ".");
}

void add_leaderboard(std::vector<std::string>& foot, const TableSpec& spec, const ComparisonInput& input) {
  if (!shows_any(spec, {"leaderboard_public", "leaderboard_private"})) return;
  const auto submitted = std::count_if(input.rows.begin(), input.rows.end(), [](const ResultRow& row) {
    return row.leaderboard_public || row.leaderboard_private;
  });
  foot.push_back(fmt::format(
      "Leaderboard scores are what the competition gave back for submitted labels ({} of {} jobs); of several submissions of "
      "a job, the best on public.",
      submitted, input.rows.size()));
}

}  // namespace

std::vector<std::string> foot_of(const TableSpec& spec, const ComparisonInput& input,
                                 const std::vector<RowGroup>& groups) {
  std::vector<std::string> foot;
  bool accuracies = shows_any(spec, {"accuracy", "accuracy_public", "accuracy_private"});
  bool scores = accuracies || shows_any(spec, {"ari", "nmi"});
  if (accuracies && input.labelled > 0) {
    foot.push_back(
        "Accuracies come from one matching of clusters to classes, found on all labelled images: an upper bound.");
  }
  if (scores && input.labelled == 0) {
    foot.push_back(
        fmt::format("None of the {} images has a label, so there are no scores against classes.", input.images));
  } else if (scores && input.labelled < input.images) {
    foot.push_back(fmt::format("Scores use the {} labelled images of {}.", input.labelled, input.images));
  }
  add_leaderboard(foot, spec, input);
  add_replicates(foot, spec, input, groups);
  if (spec.best && shows_any(spec, {*spec.best})) {
    auto column = std::find_if(spec.columns.begin(), spec.columns.end(),
                               [&](const TableSpec::Column& c) { return c.field == *spec.best; });
    foot.push_back(fmt::format("Bold: the best {}.", column->title.empty() ? column->field : column->title));
  }
  add_incomplete(foot, spec, input, groups);
  return foot;
}

}  // namespace latentgrid
