#include <algorithm>
#include <cmath>

#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"
#include "figure/legend.hpp"

namespace latentgrid {

namespace {

constexpr double chart_width = 440, chart_right = 14;

// From 0, or from the axis's low end on a logarithmic axis.
struct Bar {
  double from = 0, to = 0;
};

std::vector<std::vector<std::optional<Bar>>> bars_of(const BarChart& chart) {
  std::vector<std::vector<std::optional<Bar>>> bars(chart.series.size());
  std::vector<double> up(chart.categories.size(), 0), down(chart.categories.size(), 0);
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    bars[s].resize(chart.categories.size());
    for (std::size_t c = 0; c < chart.categories.size() && c < chart.series[s].values.size(); ++c) {
      std::optional<double> value = chart.series[s].values[c];
      if (!value || !std::isfinite(*value)) continue;
      double& pile = *value < 0 ? down[c] : up[c];
      double from = chart.stacked ? pile : 0;
      pile = from + *value;
      bars[s][c] = Bar{from, from + *value};
    }
  }
  return bars;
}

}  // namespace

void draw_body(Canvas& canvas, const BarChart& chart) {
  canvas.width = chart_width;
  auto bars = bars_of(chart);
  ValueRange range(chart.values);
  range.add(0);
  for (const auto& series : bars) {
    for (const auto& bar : series) {
      if (bar) range.add(bar->to);
    }
  }
  if (!range.log && range.low == range.high) range.add(1);  // nothing but zeros
  AxisScale scale(chart.values, range, range.log ? 0.1 : 0);
  if (!range.log) scale.widen(scale.length() * 1.04, range.low < 0 ? range.high > 0 ? 0.5 : 1 : 0);

  double together = chart.stacked ? 1 : static_cast<double>(std::max<std::size_t>(chart.series.size(), 1));
  auto count = static_cast<double>(std::max<std::size_t>(chart.categories.size(), 1));
  double thick = together > 1 ? std::max(3.0, 10 - together) : 10, gap = together > 1 ? 6 : 5;
  double shrink = std::min(1.0, 9000 / (count * (thick * together + gap)));  // no endless chart
  thick *= shrink;
  gap *= shrink;
  double slot = thick * together + gap;

  FigureAxis categories{.categories = chart.categories};
  std::reverse(categories.categories.begin(), categories.categories.end());
  AxisScale places(categories, ValueRange(categories));
  AxisLabels labels = fit_y_labels(places, slot * count, chart_width * 0.4);
  PlotArea area{labels.extent + 2, 4, chart_width - labels.extent - 2 - chart_right, slot * count};
  double end = draw_x_axis(canvas, area, chart.values, scale, fit_x_labels(scale, area.width));
  for (const AxisTick& tick : labels.ticks) {
    canvas.text(area.x - 4, area.bottom() - places.place(tick.value) * area.height, tick.label,
                {.size = tick_text, .align = Align::right, .width = labels.most_width});
  }
  double zero = scale.can_place(0) ? std::clamp(scale.place(0), 0.0, 1.0) : 0;
  for (std::size_t s = 0; s < bars.size(); ++s) {
    for (std::size_t c = 0; c < bars[s].size(); ++c) {
      double y =
          area.y + static_cast<double>(c) * slot + gap / 2 + (chart.stacked ? 0 : static_cast<double>(s) * thick);
      if (!bars[s][c]) {
        if (!chart.stacked && thick > 4) canvas.text(area.x + zero * area.width + 3, y + thick / 2, "–", {.size = 6});
        continue;
      }
      double from = scale.can_place(bars[s][c]->from) ? scale.place(bars[s][c]->from) : 0;
      double to = scale.can_place(bars[s][c]->to) ? scale.place(bars[s][c]->to) : from;
      canvas.add(CanvasBox{area.x + std::min(from, to) * area.width, y, std::abs(to - from) * area.width, thick,
                           palette_color(chart.series[s].color)});
    }
  }
  double x = area.x + zero * area.width;
  canvas.line(x, area.y, x, area.bottom(), {axis_ink, 0.8});
  canvas.line(area.x, area.bottom(), area.right(), area.bottom(), {axis_ink, 0.6});
  std::vector<LegendEntry> entries;
  for (const BarSeries& series : chart.series) {
    if (!series.name.empty()) entries.push_back({series.name, series.color, LegendEntry::Sample::bar});
  }
  canvas.height = entries.empty() ? end : draw_legend(canvas, end + 7, canvas.width, entries);
}

}  // namespace latentgrid
