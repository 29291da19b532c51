#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_lines = 2000;

}  // namespace

// {"score"}: a line a job through its values on all axes that vary, and its score.
Figure parallel_coordinates(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::optional<ScoredAxes> scored = scored_axes(data, spec, figure);
  if (!scored) return figure;
  const auto& [jobs, axes] = *scored;
  ParallelCoordinates plot;
  for (const VariedAxis& axis : axes) plot.axes.push_back(axis.scale());
  plot.axes.push_back({.title = jobs.score});
  // The best line is drawn last, on top of the others.
  std::vector<std::size_t> ranked = jobs.by_rank();
  if (jobs.lower_is_better) std::reverse(ranked.begin(), ranked.end());
  for (std::size_t i : evenly_chosen(ranked.size(), most_lines)) {
    const std::size_t job = ranked[i];
    std::vector<std::optional<double>>& line = plot.lines.emplace_back();
    for (const VariedAxis& axis : axes) {
      const int value = axis.value_of[job];
      line.push_back(value < 0 ? std::nullopt : std::optional(axis.coordinate(value)));
    }
    line.emplace_back(jobs.values[job]);
  }
  if (plot.lines.size() < jobs.rows.size()) {
    figure.caption.push_back(fmt::format(
        "Each line is a job, coloured by its {0}. Of {1} complete jobs {2} are drawn, evenly chosen by rank of {0}, with the best "
        "and the worst among them.",
        jobs.score, jobs.rows.size(), plot.lines.size()));
  } else {
    figure.caption.push_back(
        fmt::format("Each of the {} lines is a complete job, coloured by its {}.", jobs.rows.size(), jobs.score));
  }
  for (std::string& sentence : missing_value_sentences(axes, jobs.rows.size()))
    figure.caption.push_back(std::move(sentence));
  figure.caption.insert(figure.caption.end(), jobs.left_out.begin(), jobs.left_out.end());
  figure.body = std::move(plot);
  return figure;
}

}  // namespace latentgrid::charts
