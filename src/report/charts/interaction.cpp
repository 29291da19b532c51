#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"
#include "stats/eta_squared.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_drawn = 12;  // colours and shapes that are told apart

// Axes without the seeds, from the one that explains most of the score's variance.
std::vector<const VariedAxis*> ranked_axes(const std::vector<VariedAxis>& axes, const std::vector<double>& scores) {
  std::vector<std::pair<double, const VariedAxis*>> ranked;
  for (const VariedAxis& axis : axes) {
    std::vector<double> values;
    std::vector<int> groups;
    for (std::size_t job = 0; job < scores.size(); ++job) {
      if (axis.value_of[job] < 0) continue;
      values.push_back(scores[job]);
      groups.push_back(axis.value_of[job]);
    }
    if (axis.name != "seed") ranked.emplace_back(eta_squared(values, groups).value_or(0), &axis);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const VariedAxis*> order;
  for (const auto& [share, axis] : ranked) order.push_back(axis);
  return order;
}

struct AxisPair {
  const VariedAxis *across, *lines;
};

// The first two whose values combine: an axis that follows from the other has no combinations with it.
std::optional<AxisPair> chosen_pair(const std::vector<const VariedAxis*>& ranked) {
  for (std::size_t second = 1; second < ranked.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      AxisPair pair{ranked[first], ranked[second]};
      if (follows(*pair.across, *pair.lines) || follows(*pair.lines, *pair.across)) continue;
      auto rank = [](const VariedAxis& axis) { return std::pair(axis.numeric, axis.values.size()); };
      if (rank(*pair.across) < rank(*pair.lines)) std::swap(pair.across, pair.lines);
      if (pair.lines->values.size() > most_drawn) std::swap(pair.across, pair.lines);
      if (pair.lines->values.size() <= most_drawn) return pair;
    }
  }
  return std::nullopt;
}

XyPlot lines_of(const AxisPair& pair, const ScoredJobs& jobs) {
  std::map<std::pair<int, int>, std::pair<double, std::size_t>> cells;  // sum and count
  for (std::size_t job = 0; job < jobs.values.size(); ++job) {
    const int line = pair.lines->value_of[job], at = pair.across->value_of[job];
    if (line < 0 || at < 0) continue;
    auto& [sum, count] = cells[{line, at}];
    sum += jobs.values[job];
    ++count;
  }
  Panel panel{.x = pair.across->scale(), .y = {.title = "mean " + jobs.score}};
  panel.x.title = pair.across->title();
  for (std::size_t line = 0; line < pair.lines->values.size(); ++line) {
    const std::string value = pair.lines->text(pair.lines->values[line]);
    panel.series.push_back(
        {.name = fmt::format("{} {}", pair.lines->title(), value), .color = static_cast<Color>(line), .line = true});
  }
  for (const auto& [cell, mean] : cells) {
    const auto& [line, at] = cell;
    PointSeries& series = panel.series[static_cast<std::size_t>(line)];
    const std::string value = pair.across->text(pair.across->values[static_cast<std::size_t>(at)]);
    series.points.push_back({pair.across->coordinate(at), mean.first / static_cast<double>(mean.second), -1,
                             fmt::format("{}, {} {}: mean of {}", series.name, pair.across->title(), value,
                                         counted(static_cast<std::int64_t>(mean.second), "job"))});
  }
  return {.panels = {std::move(panel)}};
}

}  // namespace

// {"score"}: the mean score over the values of one axis, a line a value of another: the two axes that explain most of the
// score's variance (stats/eta_squared.hpp) and can be combined.
Figure interaction(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::optional<ScoredAxes> scored = scored_axes(data, spec, figure);
  if (!scored) return figure;
  const auto& [jobs, axes] = *scored;
  const std::optional<AxisPair> pair = chosen_pair(ranked_axes(axes, jobs.values));
  if (!pair) {
    figure.omissions.push_back("No two axes besides the seed have values that are combined, so there is no interaction to show.");
    return figure;
  }
  figure.body = lines_of(*pair, jobs);
  figure.caption = {
      fmt::format("The mean {} of {} by {}, one line for each value of {}. Of the axes that can be combined these two explain "
                  "most of its variance.",
                  jobs.score, counted(jobs.rows.size(), "complete job"), pair->across->title(), pair->lines->title()),
      "Where the lines are parallel, each axis has the same effect whatever the value of the other. Where they cross, the best "
      "value of one depends on the other."};
  if (!is_balanced(axes, jobs.rows.size())) {
    figure.caption.push_back(
        "The grid is unbalanced: the means are taken over different values of the other axes, which may be why they differ.");
  }
  for (std::string& sentence : missing_value_sentences({*pair->across, *pair->lines}, jobs.rows.size())) {
    figure.caption.push_back(std::move(sentence));
  }
  figure.caption.insert(figure.caption.end(), jobs.left_out.begin(), jobs.left_out.end());
  return figure;
}

}  // namespace latentgrid::charts
