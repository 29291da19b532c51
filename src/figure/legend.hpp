#pragma once

#include <string>
#include <vector>

#include "figure/canvas.hpp"
#include "figure/figure.hpp"

namespace latentgrid {

struct LegendEntry {
  enum class Sample { series, dots, bar };
  std::string name;
  Color color = 0;
  Sample sample = Sample::series;
  bool line = false, dashed = false, marks = true;
};

// The shape that goes with a colour: others for other colours, and still others once the palette begins anew.
Shape series_shape(Color color);
// In a cloud of thousands, discs, unless the palette begins anew.
Shape dot_shape(Color color);

// Rows of entries, each in the middle of `width`; returns where they end. Nothing for no entry.
double draw_legend(Canvas& canvas, double top, double width, const std::vector<LegendEntry>& entries);

}  // namespace latentgrid
