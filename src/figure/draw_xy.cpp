#include <algorithm>
#include <cmath>

#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"
#include "figure/legend.hpp"

namespace latentgrid {

namespace {

// A map by PCA and four snapshots of t-SNE is one row.
constexpr std::size_t panels_a_row(std::size_t panels) {
  return panels <= 5 ? panels : 4;
}
constexpr double panel_gap = 13, panel_row_gap = 10, panel_right = 8, panel_head = 8, panel_caption = 7;
constexpr double band_opacity = 0.16;
constexpr std::size_t cloud_points = 250;  // from so many a panel without lines is drawn as a cloud

struct PanelLayout {
  const Panel* panel;
  AxisScale x, y;
  AxisLabels x_labels, y_labels;
  TextStyle title;
  double room = 0;  // for title and captions
  bool y_title = true;
};

std::size_t points_of(const Panel& panel) {
  std::size_t points = 0;
  for (const PointSeries& series : panel.series) points += series.points.size();
  return points;
}

bool is_cloud(const Panel& panel) {
  bool lines = std::any_of(panel.series.begin(), panel.series.end(), [](const PointSeries& s) { return s.line; });
  return !lines && points_of(panel) >= cloud_points;
}

void add_points(ValueRange& range, const Panel& panel, double Point::*coordinate) {
  for (const PointSeries& series : panel.series) {
    for (const Point& point : series.points) {
      range.add(point.*coordinate);
      if (coordinate == &Point::y && point.spread > 0) {  // the band is seen whole
        range.add(point.y - point.spread);
        range.add(point.y + point.spread);
      }
    }
  }
}

AxisScale scale_of(const Panel& panel, const FigureAxis& axis, double Point::*coordinate) {
  ValueRange range(axis);
  add_points(range, panel, coordinate);
  return AxisScale(axis, range);
}

AxisScale upward_scale_of(const Panel& panel, const XyPlot& plot) {
  if (!plot.shared_y) return scale_of(panel, panel.y, &Point::y);
  ValueRange range(panel.y);
  for (const Panel& each : plot.panels) add_points(range, each, &Point::y);
  return AxisScale(panel.y, range);
}

double page_width(std::size_t panels) {
  return panels == 1 ? 380 : panels == 2 ? 440 : 490;
}

// Boxes of one size in columns: the left edge of each leaves room for its own labels.
struct Columns {
  std::vector<double> left;  // of the boxes
  double width = 0, height = 0;
};

Columns place_columns(std::vector<PanelLayout>& layouts, const XyPlot& plot, double full_width) {
  Columns columns;
  std::size_t count = panels_a_row(layouts.size());
  std::vector<double> beside(count, 0);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    PanelLayout& layout = layouts[i];
    const std::string& title = layout.panel->y.title;
    layout.y_title = !title.empty() && (i % count == 0 || layouts[i - 1].panel->y.title != title);
    double needed = layout.y_labels.extent + (layout.y_title ? line_height * title_text + 3 : 0);
    beside[i % count] = std::max(beside[i % count], needed);
  }
  double taken = panel_right + panel_gap * static_cast<double>(count - 1);
  for (double needed : beside) taken += needed;
  columns.width = (full_width - taken) / static_cast<double>(count);
  if (plot.equal_scale) columns.width = std::min(columns.width, 300.0);
  columns.height = plot.equal_scale ? columns.width : columns.width * (count == 1 ? 0.66 : 0.8);
  double x = std::max(0.0, full_width - taken - columns.width * static_cast<double>(count)) / 2;
  for (double needed : beside) {
    columns.left.push_back(x + needed);
    x += needed + columns.width + panel_gap;
  }
  return columns;
}

// Between y - spread and y + spread.
void draw_band(Canvas& canvas, const PanelLayout& layout, const PlotArea& area, const PointSeries& series) {
  std::vector<std::pair<double, double>> upper, lower;
  for (const Point& point : series.points) {
    const double high = point.y + point.spread, low = point.y - point.spread;
    if (!layout.x.can_place(point.x) || !layout.y.can_place(high) || !layout.y.can_place(low)) continue;
    const double x = area.x + layout.x.place(point.x) * area.width;
    upper.emplace_back(x, area.bottom() - layout.y.place(high) * area.height);
    lower.emplace_back(x, area.bottom() - layout.y.place(low) * area.height);
  }
  if (upper.size() < 2) return;
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  canvas.add(CanvasArea{std::move(upper), palette_color(series.color), band_opacity});
}

bool has_band(const PointSeries& series) {
  return series.line && std::any_of(series.points.begin(), series.points.end(), [](const Point& p) { return p.spread > 0; });
}

void draw_lines(Canvas& canvas, const PanelLayout& layout, const PlotArea& area, const PointSeries& series) {
  CanvasLine line{{}, {palette_color(series.color), 1.2, 1, series.dashed}};
  auto finish = [&] {
    if (line.points.size() > 1) canvas.add(line);
    line.points.clear();
  };
  for (const Point& point : series.points) {
    if (layout.x.can_place(point.x) && layout.y.can_place(point.y)) {
      line.points.emplace_back(area.x + layout.x.place(point.x) * area.width,
                               area.bottom() - layout.y.place(point.y) * area.height);
    } else {
      finish();
    }
  }
  finish();
}

void draw_marks(Canvas& canvas, const PanelLayout& layout, const PlotArea& area, const PointSeries& series) {
  std::size_t count = series.points.size();
  CanvasMarks marks{series_shape(series.color), count > 100 ? 2.2 : count > 40 ? 3.2 : 4.5, series.line ? 1.0 : 0.85};
  for (const Point& point : series.points) {
    if (!layout.x.can_place(point.x) || !layout.y.can_place(point.y)) continue;
    marks.marks.push_back({area.x + layout.x.place(point.x) * area.width,
                           area.bottom() - layout.y.place(point.y) * area.height, palette_color(series.color)});
  }
  if (!marks.marks.empty()) canvas.add(std::move(marks));
}

// The series' points take turns, so that none hides the others by being last.
void draw_cloud(Canvas& canvas, const PanelLayout& layout, const PlotArea& area) {
  struct Dot {
    double turn;
    Shape shape;
    CanvasMark mark;
  };
  std::vector<Dot> dots;
  for (const PointSeries& series : layout.panel->series) {
    if (!series.marks) continue;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const Point& point = series.points[i];
      if (!layout.x.can_place(point.x) || !layout.y.can_place(point.y)) continue;
      double turn = (static_cast<double>(i) + 0.5) / static_cast<double>(series.points.size());
      dots.push_back({turn,
                      dot_shape(series.color),
                      {area.x + layout.x.place(point.x) * area.width,
                       area.bottom() - layout.y.place(point.y) * area.height, palette_color(series.color)}});
    }
  }
  std::stable_sort(dots.begin(), dots.end(), [](const Dot& a, const Dot& b) { return a.turn < b.turn; });
  double full = static_cast<double>(std::max<std::size_t>(dots.size(), 1));
  double diameter = std::clamp(area.width * 0.55 / std::sqrt(full), 1.1, 3.0);
  CanvasMarks marks{Shape::circle, diameter, full > 1000 ? 0.6 : 0.75};
  for (Shape shape : {Shape::circle, Shape::triangle, Shape::square, Shape::cross}) {
    marks.shape = shape;
    marks.marks.clear();
    for (const Dot& dot : dots) {
      if (dot.shape == shape) marks.marks.push_back(dot.mark);
    }
    if (!marks.marks.empty()) canvas.add(marks);
  }
}

double draw_panel(Canvas& canvas, PanelLayout& layout, const PlotArea& area, bool equal_scale) {
  const Panel& panel = *layout.panel;
  if (equal_scale) {
    double unit = std::max(layout.x.length() / area.width, layout.y.length() / area.height);
    layout.x.widen(unit * area.width);
    layout.y.widen(unit * area.height);
    layout.x_labels = fit_x_labels(layout.x, area.width);
    layout.y_labels = fit_y_labels(layout.y, area.height, layout.y_labels.extent - label_gap);
  }
  double end = draw_x_axis(canvas, area, panel.x, layout.x, layout.x_labels);
  draw_y_axis(canvas, area, panel.y, layout.y, layout.y_labels, layout.y_title);
  canvas.frame(area.x, area.y, area.width, area.height, {axis_ink, 0.6});
  if (is_cloud(panel)) {
    draw_cloud(canvas, layout, area);
  } else {
    for (const PointSeries& series : panel.series) {
      if (has_band(series)) draw_band(canvas, layout, area, series);
    }
    for (const PointSeries& series : panel.series) {
      if (series.line) draw_lines(canvas, layout, area, series);
      if (series.marks) draw_marks(canvas, layout, area, series);
    }
  }
  const double middle = area.x + area.width / 2;
  canvas.paragraph(middle, area.y - 3 - text_size(panel.title, layout.title).height, panel.title, layout.title);
  const TextStyle caption{
      .size = panel_caption, .align = Align::center, .color = 0x404040, .width = layout.room, .lines = 3};
  end += 2.5;
  for (const std::string& sentence : panel.caption) end = canvas.paragraph(middle, end, sentence, caption);
  return end;
}

std::vector<LegendEntry> legend_of(const XyPlot& plot) {
  std::vector<LegendEntry> entries;
  for (const Panel& panel : plot.panels) {
    for (const PointSeries& series : panel.series) {
      bool known =
          std::any_of(entries.begin(), entries.end(), [&](const LegendEntry& e) { return e.name == series.name; });
      if (series.name.empty() || known) continue;
      auto sample = is_cloud(panel) ? LegendEntry::Sample::dots : LegendEntry::Sample::series;
      entries.push_back({series.name, series.color, sample, series.line, series.dashed, series.marks});
    }
  }
  return entries;
}

}  // namespace

void draw_body(Canvas& canvas, const XyPlot& plot) {
  canvas.width = page_width(plot.panels.size());
  std::vector<PanelLayout> layouts;
  for (const Panel& panel : plot.panels) {
    AxisScale x = scale_of(panel, panel.x, &Point::x), y = upward_scale_of(panel, plot);
    layouts.push_back({&panel, x, y, {}, fit_y_labels(y, 100, 80)});
  }
  double top = 0;
  if (!layouts.empty()) {
    Columns columns = place_columns(layouts, plot, canvas.width);
    std::size_t count = columns.left.size();
    for (PanelLayout& layout : layouts) {
      layout.room = columns.width + (count > 1 ? panel_gap : 0) - 2;
      layout.title = balanced(layout.panel->title, {.size = panel_head, .align = Align::center, .bold = true,
                                             .width = layout.room, .lines = 4});
      layout.x_labels = fit_x_labels(layout.x, columns.width);
      layout.y_labels = fit_y_labels(layout.y, columns.height, 80);
    }
    for (std::size_t row = 0; row < layouts.size(); row += count) {
      const std::size_t end = std::min(row + count, layouts.size());
      double titles = 1;
      for (std::size_t i = row; i < end; ++i) {
        titles = std::max(titles, text_size(layouts[i].panel->title, layouts[i].title).height);
      }
      double y = top + titles + 3, bottom = y;
      for (std::size_t i = row; i < end; ++i) {
        PlotArea area{columns.left[i - row], y, columns.width, columns.height};
        bottom = std::max(bottom, draw_panel(canvas, layouts[i], area, plot.equal_scale));
      }
      top = bottom + panel_row_gap;
    }
    top -= panel_row_gap;
  }
  std::vector<LegendEntry> entries = legend_of(plot);
  canvas.height = entries.empty() ? top : draw_legend(canvas, top + 7, canvas.width, entries);
}

}  // namespace latentgrid
