#pragma once

#include "figure/canvas.hpp"
#include "figure/figure.hpp"

namespace latentgrid {

// Lays a figure out on a page of its own: title, body, legend. The caption's sentences and the omissions are for whoever
// places the figure in a text. The figure must have a body.
Canvas draw(const Figure& figure);

// The bodies alone, from the top of the page; each sets the page's width and height.
void draw_body(Canvas& canvas, const XyPlot& plot);
void draw_body(Canvas& canvas, const BarChart& chart);
void draw_body(Canvas& canvas, const Heatmap& heatmap);
void draw_body(Canvas& canvas, const ImageGrid& grid);
void draw_body(Canvas& canvas, const ParallelCoordinates& plot);

}  // namespace latentgrid
