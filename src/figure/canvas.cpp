#include "figure/canvas.hpp"

#include "figure/text_layout.hpp"

namespace latentgrid {

void Canvas::text(double x, double y, std::string text, const TextStyle& style) {
  if (!text.empty()) texts_.push_back({x, y, std::move(text), style});
}

double Canvas::paragraph(double x, double top, const std::vector<std::string>& lines, const TextStyle& style) {
  for (const std::string& line : lines) {
    text(x, top + line_height * style.size / 2, line, style);
    top += line_height * style.size;
  }
  return top;
}

void Canvas::line(double x0, double y0, double x1, double y1, const LineStyle& style) {
  add(CanvasLine{{{x0, y0}, {x1, y1}}, style});
}

void Canvas::frame(double x, double y, double w, double h, const LineStyle& style) {
  add(CanvasLine{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}, style});
}

void Canvas::shift(double dx, double dy) {
  for (CanvasText& text : texts_) {
    text.x += dx;
    text.y += dy;
  }
  auto move = [&](auto& shape) {
    shape.x += dx;
    shape.y += dy;
  };
  for (Item& item : shapes_) {
    if (auto* box = std::get_if<CanvasBox>(&item)) move(*box);
    if (auto* image = std::get_if<CanvasImage>(&item)) move(*image);
    if (auto* marks = std::get_if<CanvasMarks>(&item)) {
      for (CanvasMark& mark : marks->marks) move(mark);
    }
    auto* line = std::get_if<CanvasLine>(&item);
    auto* area = std::get_if<CanvasArea>(&item);
    if (!line && !area) continue;
    for (auto& [x, y] : line ? line->points : area->points) {
      x += dx;
      y += dy;
    }
  }
}

}  // namespace latentgrid
