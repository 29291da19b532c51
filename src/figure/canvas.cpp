#include "figure/canvas.hpp"

namespace latentgrid {

void Canvas::text(double x, double y, std::string text, const TextStyle& style) {
  if (!text.empty()) texts_.push_back({x, y, std::move(text), style});
}

double Canvas::paragraph(double x, double top, std::string text, const TextStyle& style) {
  const double end = top + text_size(text, style).height;
  this->text(x, (top + end) / 2, std::move(text), style);
  return end;
}

void Canvas::line(double x0, double y0, double x1, double y1, const LineStyle& style) {
  add(CanvasLine{{{x0, y0}, {x1, y1}}, style});
}

void Canvas::frame(double x, double y, double w, double h, const LineStyle& style) {
  add(CanvasLine{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}, style});
}

}  // namespace latentgrid
