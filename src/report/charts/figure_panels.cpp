#include "report/charts/figure_panels.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/charts/common.hpp"
#include "report/fields.hpp"
#include "report/selection.hpp"

namespace latentgrid {

std::vector<FigurePanel> panels_of(const ReportData& data, const std::string& figure) {
  std::vector<FigurePanel> panels;
  std::int64_t last = -1;
  for (const FigureTaskRow& row : figure_tasks(data.db, data.revision.id)) {  // by figure, panel and role
    if (row.figure != figure) continue;
    if (panels.empty() || row.panel != last) panels.push_back({row.job, {}});
    last = row.panel;
    panels.back().roles[row.role] = row;
  }
  return panels;
}

std::string not_planned(const ReportData& data) {
  const auto pending =
      std::count_if(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row.state == "pending"; });
  if (pending > 0) {
    return fmt::format(
        "Its job is chosen when every job has a score, and {} of {} jobs are pending. Run the sweep again.", pending,
        data.rows.size());
  }
  return "Nothing was run for it, as no complete job could be shown. `latentgrid run` says why.";
}

std::optional<std::string> missing(const ReportData& data, const FigureTaskRow& row) {
  // As seen from the results folder: a report does not depend on where that lies.
  const std::string folder = data.store.folder(row.stage, row.artifact).lexically_relative(data.store.root()).string();
  if (!data.store.exists(row.stage, row.artifact)) {
    return fmt::format("{} is missing. Run the sweep again.", folder);
  }
  if (auto damage = data.store.damage(row.stage, row.artifact)) {
    std::string text = *damage;
    const std::string root = data.store.root().string() + "/";
    if (const std::size_t at = text.find(root); at != std::string::npos) text.erase(at, root.size());
    return fmt::format("{}. Run the sweep again.", text);
  }
  return std::nullopt;
}

const ResultRow* row_of(const ReportData& data, const std::string& job) {
  auto found = std::find_if(data.rows.begin(), data.rows.end(), [&](const ResultRow& row) { return row.job == job; });
  return found == data.rows.end() ? nullptr : &*found;
}

std::string why_best(const ReportData& data, const Json& jobs, const ResultRow& chosen) {
  const Field& field = find_field(field_of_best(data, jobs));
  const Metric* source = field.metric();
  if (!source) return "";
  std::size_t candidates = 0, equal = 0;
  for (const ResultRow& row : data.rows) {
    if (row.state != "complete" || !(row[*source])) continue;
    ++candidates;
    equal += row[*source] == chosen[*source];
  }
  if (equal > 1) return fmt::format(", one of {} jobs that share the best {} of {}", equal, field.title, candidates);
  return fmt::format(", the best of {} by {}", counted(candidates, "job"), field.title);
}

}  // namespace latentgrid
