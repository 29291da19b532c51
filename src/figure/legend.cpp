#include "figure/legend.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace latentgrid {

namespace {

constexpr double legend_text = 7.5, line_sample = 18, mark_sample = 10, sample_gap = 4, entry_gap = 14, legend_row = 12;

void draw_sample(Canvas& canvas, double x, double y, double width, const LegendEntry& entry) {
  Rgb color = palette_color(entry.color);
  double middle = x + width / 2;
  switch (entry.sample) {
    case LegendEntry::Sample::bar:
      canvas.add(CanvasBox{middle - 4.5, y - 3.5, 9, 7, color});
      return;
    case LegendEntry::Sample::dots:
      canvas.add(CanvasMarks{dot_shape(entry.color), 5, 1, {{middle, y, color}}});
      return;
    case LegendEntry::Sample::series:
      break;
  }
  if (entry.line) canvas.line(x, y, x + width, y, {color, 1.2, 1, entry.dashed});
  if (entry.marks) canvas.add(CanvasMarks{series_shape(entry.color), 4.5, 1, {{middle, y, color}}});
}

}  // namespace

Shape series_shape(Color color) {
  static constexpr std::array filled{Shape::circle,  Shape::square,        Shape::triangle,
                                     Shape::diamond, Shape::triangle_down, Shape::pentagon};
  static constexpr std::array open{Shape::open_square,   Shape::open_diamond,  Shape::open_circle,
                                   Shape::open_triangle, Shape::open_pentagon, Shape::open_triangle_down};
  static constexpr std::array strokes{Shape::plus, Shape::cross, Shape::star};
  if (color < 0) return Shape::circle;
  auto i = static_cast<std::size_t>(color);
  int round = palette_round(color);
  return round == 0 ? filled[i % filled.size()] : round == 1 ? open[i % open.size()] : strokes[i % strokes.size()];
}

Shape dot_shape(Color color) {
  static constexpr std::array shapes{Shape::circle, Shape::triangle, Shape::square, Shape::cross};
  return shapes[std::min<std::size_t>(static_cast<std::size_t>(palette_round(color)), shapes.size() - 1)];
}

double draw_legend(Canvas& canvas, double top, double width, const std::vector<LegendEntry>& entries) {
  if (entries.empty()) return top;
  bool lines = std::any_of(entries.begin(), entries.end(), [](const LegendEntry& e) { return e.line; });
  double before = (lines ? line_sample : mark_sample) + sample_gap;
  // One long name leaves room for columns.
  const TextStyle style{.size = legend_text, .width = (entries.size() > 4 ? width / 2 - entry_gap : width - 8) - before};
  std::vector<double> widths;
  for (const LegendEntry& entry : entries) widths.push_back(before + text_size(entry.name, style).width + entry_gap);
  const double together = std::accumulate(widths.begin(), widths.end(), 0.0);
  const double widest = *std::max_element(widths.begin(), widths.end());
  // One row if they fit, else columns of one width.
  bool one_row = together - entry_gap <= width;
  std::size_t columns =
      one_row ? entries.size() : std::max<std::size_t>(1, static_cast<std::size_t>((width + entry_gap) / widest));
  std::size_t rows = (entries.size() + columns - 1) / columns;
  columns = (entries.size() + rows - 1) / rows;
  double left = (width - (one_row ? together : widest * static_cast<double>(columns)) + entry_gap) / 2, x = left;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && i % columns == 0) {
      x = left;
      top += legend_row;
    }
    draw_sample(canvas, x, top + legend_row / 2, before - sample_gap, entries[i]);
    canvas.text(x + before, top + legend_row / 2, entries[i].name, style);
    x += one_row ? widths[i] : widest;
  }
  return top + legend_row;
}

}  // namespace latentgrid
