#pragma once

#include <limits>
#include <vector>

#include "figure/axis_scale.hpp"
#include "figure/canvas.hpp"

namespace latentgrid {

// Axes of a plot on a canvas: which ticks have room, and the ink around the plot.

struct PlotArea {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

constexpr double tick_text = 7, title_text = 8, label_gap = 4;
constexpr Rgb axis_ink = 0x4D4D4D, grid_ink = 0xE4E4E4;

struct AxisLabels {
  std::vector<AxisTick> ticks;
  double extent = 0;  // what they take beside the plot, without the axis's title
  bool upward = false;
  double most_width = std::numeric_limits<double>::infinity();  // of a label
};

// As many as stand side by side below `width`; long categories are turned, those without room left out.
AxisLabels fit_x_labels(const AxisScale& scale, double width);
// One above another; none wider than `most_width`. `values`: at the values themselves where they are few.
AxisLabels fit_y_labels(const AxisScale& scale, double height, double most_width, bool values = false);

// Grid lines, ticks, labels and the title, which stands below the labels; returns where that ends.
double draw_x_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                   const AxisLabels& labels);
// The title stands left of the labels, read from below.
void draw_y_axis(Canvas& canvas, const PlotArea& area, const FigureAxis& axis, const AxisScale& scale,
                 const AxisLabels& labels, bool with_title);

}  // namespace latentgrid
