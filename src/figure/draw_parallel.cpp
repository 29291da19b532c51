#include <algorithm>
#include <cmath>
#include <numeric>

#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"

namespace latentgrid {

namespace {

constexpr double axis_height = 200, axis_head = 7.5, least_slot = 78, color_bar_width = 9, below_axis = 16;
constexpr Rgb no_value = 0xA6A6A6;

using ValueLine = std::vector<std::optional<double>>;

std::optional<double> value_at(const ValueLine& line, std::size_t axis, const AxisScale& scale) {
  if (axis >= line.size() || !line[axis] || !scale.can_place(*line[axis])) return std::nullopt;
  return scale.place(*line[axis]);
}

// Lines that lack an axis's value pass below its end: across the axis they would seem to have one.
bool has_gaps(const std::vector<ValueLine>& lines, std::size_t axis, const AxisScale& scale) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const ValueLine& line) { return !value_at(line, axis, scale).has_value(); });
}

void draw_lines(Canvas& canvas, const ParallelCoordinates& plot, const std::vector<AxisScale>& scales, double top,
                double left, double slot) {
  const std::size_t count = plot.lines.size();
  double opacity = count > 1000 ? 0.35 : count > 150 ? 0.5 : 0.8;
  for (const ValueLine& values : plot.lines) {  // the last lies on top
    std::optional<double> last = value_at(values, scales.size() - 1, scales.back());
    CanvasLine line{{}, {last ? viridis(*last) : no_value, count > 300 ? 0.6 : 0.9, opacity}};
    for (std::size_t axis = 0; axis < scales.size(); ++axis) {
      std::optional<double> at = value_at(values, axis, scales[axis]);
      line.points.emplace_back(left + static_cast<double>(axis) * slot,
                               top + (at ? axis_height * (1 - *at) : axis_height + below_axis));
    }
    if (line.points.size() == 1) {  // one axis alone: a dash
      auto [x, y] = line.points[0];
      line.points = {{x - 4, y}, {x + 4, y}};
    }
    canvas.add(line);
  }
}

// Over the lines, on something to read it on.
void label_over_lines(Canvas& canvas, double x, double y, const std::string& text, double most_width) {
  const TextStyle style{.size = tick_text, .width = most_width};
  canvas.add(CanvasBox{x - 1, y - 4.5, text_size(text, style).width + 2, 9, 0xFFFFFF, 0.75});
  canvas.text(x, y, text, style);
}

void draw_color_bar(Canvas& canvas, double x, double top) {
  constexpr int steps = 64;
  for (int i = 0; i < steps; ++i) {
    double step = axis_height / steps;
    // A little longer than a step, lest the page shine through between two.
    canvas.add(CanvasBox{x, top + i * step, color_bar_width, i + 1 < steps ? 1.5 * step : step,
                         viridis(1 - (i + 0.5) / steps)});
  }
  canvas.frame(x, top, color_bar_width, axis_height, {axis_ink, 0.5});
}

}  // namespace

void draw_body(Canvas& canvas, const ParallelCoordinates& plot) {
  canvas.width = 380;
  if (plot.axes.empty()) return;
  std::vector<AxisScale> scales;
  for (std::size_t axis = 0; axis < plot.axes.size(); ++axis) {
    ValueRange range(plot.axes[axis]);
    for (const ValueLine& line : plot.lines) {
      if (axis < line.size() && line[axis]) range.add(*line[axis]);
    }
    scales.emplace_back(plot.axes[axis], range);
  }
  auto gaps = static_cast<double>(scales.size() - 1);
  double slot = gaps > 0 ? std::max(least_slot, 390 / gaps) : 0, side = least_slot / 2;
  slot = std::min(slot, 150.0);
  AxisLabels last = fit_y_labels(scales.back(), axis_height, 90);
  double room = std::min(gaps > 0 ? slot : 140.0, 120.0) - 8;

  const TextStyle head{.size = axis_head, .align = Align::center, .bold = true, .width = room, .lines = 4};
  double heads = 0;
  for (const FigureAxis& axis : plot.axes) heads = std::max(heads, text_size(axis.title, head).height);
  const double top = heads + 5;
  draw_lines(canvas, plot, scales, top, side, slot);
  double bottom = top + axis_height, none = bottom + below_axis;
  for (std::size_t axis = 0; axis < scales.size(); ++axis) {
    double x = side + static_cast<double>(axis) * slot;
    canvas.paragraph(x, heads - text_size(plot.axes[axis].title, head).height, plot.axes[axis].title, head);
    canvas.line(x, top, x, top + axis_height, {axis_ink, 0.8});
    bool is_last = axis + 1 == scales.size();
    AxisLabels labels = is_last ? last : fit_y_labels(scales[axis], axis_height, slot * 0.55, true);
    for (const AxisTick& tick : labels.ticks) {
      double y = top + axis_height * (1 - scales[axis].place(tick.value));
      canvas.line(x - 2.5, y, x, y, {axis_ink, 0.6});
      double at = is_last ? x + 8 + color_bar_width + 4 : x + 3;
      if (is_last) {
        canvas.line(at - 4, y, at - 1.5, y, {axis_ink, 0.6});
        canvas.text(at, y, tick.label, {.size = tick_text, .width = labels.most_width});
      } else {
        label_over_lines(canvas, at, y, tick.label, labels.most_width);
      }
    }
    if (!has_gaps(plot.lines, axis, scales[axis])) continue;
    canvas.line(x - 2.5, none, x + 2.5, none, {axis_ink, 0.6});
    label_over_lines(canvas, x + 4, none, "none", below_axis * 2);
    bottom = none + tick_text / 2;
  }
  double end = side + gaps * slot;
  draw_color_bar(canvas, end + 8, top);
  canvas.width = std::max(end + side, end + 8 + color_bar_width + last.extent + 4);
  canvas.height = bottom;
}

}  // namespace latentgrid
