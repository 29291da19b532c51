#include "report/legend.hpp"

#include <algorithm>
#include <array>

#include "report/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double size = 7.5, sample_width = 18, sample_gap = 4, entry_gap = 14, row_height = 12;

void draw_sample(Canvas& canvas, double x, double y, const LegendEntry& entry) {
  Rgb color = palette_color(entry.color);
  double middle = x + sample_width / 2;
  switch (entry.sample) {
    case LegendEntry::Sample::bar:
      canvas.add(CanvasBox{middle - 6, y - 3.5, 12, 7, color});
      return;
    case LegendEntry::Sample::dots:
      canvas.add(CanvasMarks{dot_shape(entry.color), 5, 1, {{middle, y, color}}});
      return;
    case LegendEntry::Sample::series:
      break;
  }
  if (entry.line) canvas.line(x, y, x + sample_width, y, {color, 1.2, 1, entry.dashed});
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
  struct Placed {
    const LegendEntry* entry;
    std::string name;
    double x;
  };
  std::vector<Placed> row;
  double used = 0;
  auto finish_row = [&] {
    double left = (width - used) / 2, y = top + row_height / 2;
    for (const Placed& placed : row) {
      draw_sample(canvas, left + placed.x, y, *placed.entry);
      canvas.text(left + placed.x + sample_width + sample_gap, y, placed.name, {size});
    }
    if (!row.empty()) top += row_height;
    row.clear();
    used = 0;
  };
  for (const LegendEntry& entry : entries) {
    std::string name = clean_text(entry.name);
    std::replace(name.begin(), name.end(), '\n', ' ');
    name = shorten_text(name, size, width - sample_width - sample_gap - 8);
    double wide = sample_width + sample_gap + text_width(name, size);
    if (!row.empty() && used + entry_gap + wide > width - 8) finish_row();
    double x = row.empty() ? 0 : used + entry_gap;
    row.push_back({&entry, std::move(name), x});
    used = x + wide;
  }
  finish_row();
  return top;
}

}  // namespace latentgrid
