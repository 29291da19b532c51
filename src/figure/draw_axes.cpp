#include "figure/draw_axes.hpp"

#include <algorithm>
#include <cmath>

namespace latentgrid {

namespace {

constexpr double tick_length = 2.5;
constexpr double most_turned = 90;  // the height of labels read from below
constexpr double least_level = 60;  // the width from which labels are rather shortened than turned

double label_width(const AxisLabels& labels, const AxisTick& tick) {
  return text_size(tick.label, {.size = tick_text, .width = labels.most_width}).width;
}

bool labels_overlap(const AxisLabels& labels, const AxisScale& scale, double width) {
  for (std::size_t i = 1; i < labels.ticks.size(); ++i) {
    const AxisTick &last = labels.ticks[i - 1], &tick = labels.ticks[i];
    double apart = (scale.place(tick.value) - scale.place(last.value)) * width;
    if (apart < (label_width(labels, tick) + label_width(labels, last)) / 2 + 5) return true;
  }
  return false;
}

// Every k-th, so that they lie `least` apart.
std::vector<AxisTick> thinned(const std::vector<AxisTick>& ticks, const AxisScale& scale, double length, double least) {
  double slot = length / std::max(scale.length(), 1.0);
  auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(least / slot)));
  std::vector<AxisTick> kept;
  for (std::size_t i = 0; i < ticks.size(); i += every) kept.push_back(ticks[i]);
  return kept;
}

double widest_label(const AxisLabels& labels) {
  double width = 0;
  for (const AxisTick& tick : labels.ticks) width = std::max(width, label_width(labels, tick));
  return width;
}

}  // namespace

AxisLabels fit_x_labels(const AxisScale& scale, double width) {
  AxisLabels labels;
  if (scale.categories()) {
    double slot = width / scale.length();
    labels.ticks = scale.ticks(0);
    if (slot > least_level) labels.most_width = slot - 6;
    labels.upward = labels_overlap(labels, scale, width);
    if (labels.upward) labels.ticks = thinned(labels.ticks, scale, width, line_height * tick_text);
    labels.most_width = std::min(labels.most_width, labels.upward ? most_turned : width);
  } else {
    for (int about = std::max(2, static_cast<int>(width / 36)); about > 0; --about) {
      labels.ticks = scale.ticks(about);
      if (!labels_overlap(labels, scale, width)) break;
    }
    if (labels_overlap(labels, scale, width)) labels.ticks.resize(1);
  }
  if (!labels.ticks.empty())
    labels.extent = label_gap + (labels.upward ? widest_label(labels) : line_height * tick_text);
  return labels;
}

AxisLabels fit_y_labels(const AxisScale& scale, double height, double most_width, bool values) {
  AxisLabels labels{.most_width = most_width};
  if (values && !scale.categories()) {
    double last = -1;
    for (AxisTick& tick : scale.value_ticks()) {  // from below, those that have room
      double at = scale.place(tick.value) * height;
      if (last >= 0 && at - last < line_height * tick_text) continue;
      last = at;
      labels.ticks.push_back(std::move(tick));
    }
  }
  if (labels.ticks.empty()) labels.ticks = scale.ticks(std::max(2, static_cast<int>(height / 22)));
  if (scale.categories()) labels.ticks = thinned(labels.ticks, scale, height, line_height * tick_text);
  if (!labels.ticks.empty()) labels.extent = label_gap + widest_label(labels);
  return labels;
}

double draw_x_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                   const AxisLabels& labels) {
  for (const AxisTick& tick : labels.ticks) {
    double x = area.x + scale.place(tick.value) * area.width;
    canvas.line(x, area.y, x, area.bottom(), {grid_ink, 0.5});
    canvas.line(x, area.bottom(), x, area.bottom() + tick_length, {axis_ink, 0.6});
    TextStyle style{.size = tick_text, .align = Align::center, .width = labels.most_width};
    if (labels.upward) {
      style.align = Align::right;
      style.upward = true;
    }
    const double below = label_gap + (labels.upward ? 0 : line_height * tick_text / 2);
    canvas.text(x, area.bottom() + below, tick.label, style);
  }
  double end = area.bottom() + labels.extent;
  if (axis.title.empty()) return end;
  return canvas.paragraph(area.x + area.width / 2, end + 1.5, axis.title,
                          {.size = title_text, .align = Align::center, .width = area.width + 16, .lines = 3});
}

void draw_y_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                 const AxisLabels& labels, bool with_title) {
  for (const AxisTick& tick : labels.ticks) {
    double y = area.bottom() - scale.place(tick.value) * area.height;
    canvas.line(area.x, y, area.right(), y, {grid_ink, 0.5});
    canvas.line(area.x - tick_length, y, area.x, y, {axis_ink, 0.6});
    canvas.text(area.x - label_gap, y, tick.label, {.size = tick_text, .align = Align::right, .width = labels.most_width});
  }
  if (!with_title || axis.title.empty()) return;
  const TextStyle style{.size = title_text, .align = Align::center, .upward = true, .width = area.height + 10};
  double x = area.x - labels.extent - 1.5 - line_height * title_text / 2;
  canvas.text(x, area.y + area.height / 2, axis.title, shrunk_to_fit(axis.title, style));
}

}  // namespace latentgrid
