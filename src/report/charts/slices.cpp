#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"
#include "report/job_names.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_slices = 12;
constexpr std::size_t most_points = 2000;  // a panel

PointSeries points_of(const ReportData& data, const ScoredJobs& jobs, const VariedAxis& axis, const JobNames& names) {
  PointSeries series{.name = "jobs", .color = 1};
  std::vector<std::size_t> ranked;
  for (std::size_t job : jobs.by_rank()) {
    if (axis.value_of[job] >= 0) ranked.push_back(job);
  }
  std::vector<std::size_t> shown;
  for (std::size_t i : evenly_chosen(ranked.size(), most_points)) shown.push_back(ranked[i]);
  std::sort(shown.begin(), shown.end());
  for (std::size_t job : shown) {
    const ResultRow& row = data.rows[jobs.rows[job]];
    series.points.push_back({axis.coordinate(axis.value_of[job]), jobs.values[job], -1, names.job(row)});
  }
  return series;
}

// Over all jobs, also those that are not drawn.
PointSeries means_of(const ScoredJobs& jobs, const VariedAxis& axis) {
  std::vector<double> sum(axis.values.size(), 0);
  std::vector<std::size_t> count(axis.values.size(), 0);
  for (std::size_t job = 0; job < jobs.values.size(); ++job) {
    if (axis.value_of[job] < 0) continue;
    sum[static_cast<std::size_t>(axis.value_of[job])] += jobs.values[job];
    ++count[static_cast<std::size_t>(axis.value_of[job])];
  }
  const bool has_order = axis.numeric && axis.name != "seed";  // seeds are names
  PointSeries series{.name = "mean", .color = 0, .line = has_order};
  for (std::size_t value = 0; value < axis.values.size(); ++value) {
    series.points.push_back(
        {axis.coordinate(static_cast<int>(value)), sum[value] / static_cast<double>(count[value]), -1,
         fmt::format("{} {}: mean of {}", axis.title(), axis.text(axis.values[value]), counted(count[value], "job"))});
  }
  return series;
}

void describe_slices(Figure& figure, const ScoredJobs& jobs, const std::vector<VariedAxis>& axes, std::size_t panels) {
  std::vector<std::string>& caption = figure.caption;
  caption.push_back(fmt::format(
      "Each panel shows the {} of {} by their value on one axis, and the mean for each value. The other axes vary as well.",
      jobs.score, counted(jobs.rows.size(), "complete job")));
  if (jobs.rows.size() > most_points) {
    caption.push_back(
        fmt::format("At most {} points are drawn in a panel, evenly chosen by rank of {}. The means are of all jobs.",
                    most_points, jobs.score));
  }
  if (panels < axes.size()) {
    std::vector<std::string> left_out;
    for (std::size_t i = panels; i < axes.size(); ++i) left_out.push_back(axes[i].title());
    caption.push_back(
        fmt::format("The first {} of {} axes are shown. Left out: {}.", panels, axes.size(), fmt::join(left_out, ", ")));
  }
  if (!is_balanced(axes, jobs.rows.size())) {
    caption.push_back(
        "The grid is unbalanced: the means on one axis are taken over different values of the others, which may be why they "
        "differ.");
  }
  for (const std::vector<std::string>& together : changing_together(axes)) {
    caption.push_back(fmt::format("The axes {} always change together, so a difference may come from any of them.", listed(together)));
  }
  for (std::string& sentence : missing_value_sentences(axes, jobs.rows.size())) caption.push_back(std::move(sentence));
}

}  // namespace

// {"score"}: the score against the values of each axis that varies.
Figure slices(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::optional<ScoredAxes> scored = scored_axes(data, spec, figure);
  if (!scored) return figure;
  const auto& [jobs, axes] = *scored;
  const JobNames names(data, jobs.rows);
  XyPlot plot{.shared_y = true};
  for (const VariedAxis& axis : axes) {
    if (plot.panels.size() == most_slices) break;
    Panel panel{.title = axis.title(), .x = axis.scale(), .y = {.title = jobs.score}};
    panel.series = {points_of(data, jobs, axis, names), means_of(jobs, axis)};
    plot.panels.push_back(std::move(panel));
  }
  describe_slices(figure, jobs, axes, plot.panels.size());
  figure.caption.insert(figure.caption.end(), jobs.left_out.begin(), jobs.left_out.end());
  figure.body = std::move(plot);
  return figure;
}

}  // namespace latentgrid::charts
