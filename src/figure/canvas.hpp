#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "figure/text_layout.hpp"

namespace latentgrid {

// A page laid out and ready to draw: shapes at places in points (1/72 inch), x to the right, y down from the top left.
// What is added later lies above, and all text above all shapes.

struct CanvasText {
  double x = 0, y = 0;  // y is the middle of its height
  std::string text;
  TextStyle style;
};

struct LineStyle {
  Rgb color = 0x1A1A1A;
  double width = 0.6;
  double opacity = 1;
  bool dashed = false;
  bool operator==(const LineStyle&) const = default;
};

struct CanvasLine {
  std::vector<std::pair<double, double>> points;
  LineStyle style;
};

struct CanvasBox {
  double x = 0, y = 0, width = 0, height = 0;
  Rgb color = 0;
  double opacity = 1;
};

struct CanvasArea {  // a closed polygon
  std::vector<std::pair<double, double>> points;
  Rgb color = 0;
  double opacity = 1;
};

enum class Shape {
  circle,
  square,
  triangle,
  diamond,
  triangle_down,
  pentagon,
  open_circle,
  open_square,
  open_triangle,
  open_diamond,
  open_triangle_down,
  open_pentagon,
  plus,
  cross,
  star
};

struct CanvasMark {
  double x = 0, y = 0;
  Rgb color = 0;
};

struct CanvasMarks {
  Shape shape = Shape::circle;
  double diameter = 4;
  double opacity = 1;
  std::vector<CanvasMark> marks;
};

struct CanvasImage {
  double x = 0, y = 0, width = 0, height = 0;
  std::int64_t rows = 0, columns = 0;
  std::vector<std::uint8_t> rgb;  // rows×columns×3, the first row on top
};

class Canvas {
 public:
  using Item = std::variant<CanvasLine, CanvasArea, CanvasBox, CanvasMarks, CanvasImage>;

  double width = 0, height = 0;
  double body_x = 0, body_y = 0;  // the place of (0, 0)

  void add(Item shape) { shapes_.push_back(std::move(shape)); }
  void text(double x, double y, std::string text, const TextStyle& style);
  double paragraph(double x, double top, std::string text, const TextStyle& style);  // returns where it ends
  void line(double x0, double y0, double x1, double y1, const LineStyle& style = {});
  void frame(double x, double y, double width, double height, const LineStyle& style = {});

  const std::vector<Item>& shapes() const { return shapes_; }
  const std::vector<CanvasText>& texts() const { return texts_; }

 private:
  std::vector<Item> shapes_;
  std::vector<CanvasText> texts_;
};

}  // namespace latentgrid
