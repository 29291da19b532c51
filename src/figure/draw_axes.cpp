#include "figure/draw_axes.hpp"

#include <algorithm>
#include <cmath>

#include "figure/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double tick_length = 2.5, label_gap = 4;
constexpr double most_turned = 90;  // the height of labels read from below
constexpr double least_level = 60;  // the width from which labels are rather shortened than turned

bool labels_overlap(const std::vector<AxisTick>& ticks, const AxisScale& scale, double width) {
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    double apart = (scale.place(ticks[i].value) - scale.place(ticks[i - 1].value)) * width;
    double needed = (text_width(ticks[i].label, tick_text) + text_width(ticks[i - 1].label, tick_text)) / 2 + 5;
    if (apart < needed) return true;
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

double widest_label(const std::vector<AxisTick>& ticks) {
  double width = 0;
  for (const AxisTick& tick : ticks) width = std::max(width, text_width(tick.label, tick_text));
  return width;
}

void shorten_labels(std::vector<AxisTick>& ticks, double width) {
  for (AxisTick& tick : ticks) {
    std::replace(tick.label.begin(), tick.label.end(), '\n', ' ');
    tick.label = shorten_text(tick.label, tick_text, width);
  }
}

}  // namespace

AxisLabels fit_x_labels(const AxisScale& scale, double width) {
  AxisLabels labels;
  if (scale.categories()) {
    double slot = width / scale.length();
    labels.ticks = scale.ticks(0);
    if (slot > least_level) shorten_labels(labels.ticks, slot - 6);
    labels.upward = labels_overlap(labels.ticks, scale, width);
    if (labels.upward) labels.ticks = thinned(labels.ticks, scale, width, line_height * tick_text);
    shorten_labels(labels.ticks, labels.upward ? most_turned : width);
  } else {
    for (int about = std::max(2, static_cast<int>(width / 36)); about > 0; --about) {
      labels.ticks = scale.ticks(about);
      if (!labels_overlap(labels.ticks, scale, width)) break;
    }
    if (labels_overlap(labels.ticks, scale, width)) labels.ticks.resize(1);
  }
  if (!labels.ticks.empty())
    labels.extent = label_gap + (labels.upward ? widest_label(labels.ticks) : line_height * tick_text);
  return labels;
}

AxisLabels fit_y_labels(const AxisScale& scale, double height, double most_width, bool values) {
  AxisLabels labels;
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
  shorten_labels(labels.ticks, most_width);
  if (!labels.ticks.empty()) labels.extent = label_gap + widest_label(labels.ticks);
  return labels;
}

double draw_x_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                   const AxisLabels& labels) {
  for (const AxisTick& tick : labels.ticks) {
    double x = area.x + scale.place(tick.value) * area.width;
    canvas.line(x, area.y, x, area.bottom(), {grid_ink, 0.5});
    canvas.line(x, area.bottom(), x, area.bottom() + tick_length, {axis_ink, 0.6});
    double y = area.bottom() + label_gap;
    if (labels.upward) {
      canvas.text(x, y, tick.label, {tick_text, Align::right, false, true});
    } else {
      canvas.text(x, y + line_height * tick_text / 2, tick.label, {tick_text, Align::center});
    }
  }
  double end = area.bottom() + labels.extent;
  if (axis.title.empty()) return end;
  std::vector<std::string> lines = wrap_text(clean_text(axis.title), title_text, area.width + 16, 3);
  return canvas.paragraph(area.x + area.width / 2, end + 1.5, lines, {title_text, Align::center});
}

void draw_y_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                 const AxisLabels& labels, bool with_title) {
  for (const AxisTick& tick : labels.ticks) {
    double y = area.bottom() - scale.place(tick.value) * area.height;
    canvas.line(area.x, y, area.right(), y, {grid_ink, 0.5});
    canvas.line(area.x - tick_length, y, area.x, y, {axis_ink, 0.6});
    canvas.text(area.x - label_gap, y, tick.label, {tick_text, Align::right});
  }
  if (!with_title || axis.title.empty()) return;
  FittedText title = fit_text(clean_text(axis.title), title_text, area.height + 10);
  double x = area.x - labels.extent - 1.5 - line_height * title_text / 2;
  canvas.text(x, area.y + area.height / 2, title.text, {title.size, Align::center, false, true});
}

}  // namespace latentgrid
