#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "db/figure_tasks.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// What a run left for one panel of a figure, by role.
struct FigurePanel {
  std::string job;
  std::map<std::string, FigureTaskRow> roles;
};

// The panels that were planned for a figure, in order; none while its job waits for the scores.
std::vector<FigurePanel> panels_of(const ReportData& data, const std::string& figure);

// A sentence for a figure of which nothing was planned.
std::string not_planned(const ReportData& data);

// Why an artifact cannot be shown, naming its folder and the remedy; nothing if it is whole.
std::optional<std::string> missing(const ReportData& data, const FigureTaskRow& row);

// Of a job that was chosen as the best, after its name: ", the best of 12 jobs by accuracy", ", one of 2 jobs that share
// the best accuracy of 12". `jobs`: as select_jobs() takes it, or null.
std::string why_best(const ReportData& data, const Json& jobs, const ResultRow& chosen);

// The row of a job; null if the sweep has none of this id.
const ResultRow* row_of(const ReportData& data, const std::string& job);

}  // namespace latentgrid
