#include "figure/figure_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "figure/clean_text.hpp"
#include "figure/image_codec.hpp"

namespace latentgrid {

namespace {

constexpr int map_digits = 5, number_digits = 6;

Json number(double value, int digits = number_digits) {
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  std::string text = fmt::format("{:.{}g}", value, digits);
  double rounded = value;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) return static_cast<std::int64_t>(rounded);
  return rounded;
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const std::string& text : list) out.push_back(clean_text(text));
  return out;
}

Json numbers(const std::vector<std::optional<double>>& list) {
  Json out = Json::array();
  for (const std::optional<double>& value : list) out.push_back(number(value));
  return out;
}

Json axis_json(const FigureAxis& axis) {
  Json out{{"title", clean_text(axis.title)}, {"log", axis.log}, {"without_units", axis.without_units}};
  if (!axis.categories.empty()) out["categories"] = texts(axis.categories);
  return out;
}

Json facts_json(const ImageFacts& facts) {
  Json out = {{"called", clean_text(facts.called)}};
  if (!facts.numbers.empty()) out["numbers"] = facts.numbers;
  if (!facts.files.empty()) out.update({{"files", facts.files}, {"file_names", texts(facts.file_names)}});
  if (!facts.classes.empty()) out["classes"] = facts.classes;
  if (!facts.clusters.empty()) out["clusters"] = facts.clusters;
  if (!facts.predicted.empty()) out["predicted"] = facts.predicted;
  if (!facts.class_names.empty()) out["class_names"] = texts(facts.class_names);
  return out;
}

Json series_json(const PointSeries& series, const Panel& panel, bool with_images) {
  int x_digits = panel.x.without_units ? map_digits : number_digits;
  int y_digits = panel.y.without_units ? map_digits : number_digits;
  Json points = Json::array(), images = Json::array(), notes = Json::array(), spreads = Json::array();
  bool any_image = false, any_note = false, any_spread = false;
  for (const Point& point : series.points) {
    points.push_back(Json::array({number(point.x, x_digits), number(point.y, y_digits)}));
    images.push_back(point.image);
    notes.push_back(clean_text(point.note));
    any_image = any_image || point.image >= 0;
    any_note = any_note || !point.note.empty();
    spreads.push_back(number(point.spread, y_digits));
    any_spread = any_spread || point.spread > 0;
  }
  Json out{{"name", clean_text(series.name)}, {"color", series.color}, {"line", series.line},
           {"dashed", series.dashed},         {"marks", series.marks}, {"points", std::move(points)}};
  if (with_images && any_image) out["images"] = std::move(images);
  if (any_spread) out["spreads"] = std::move(spreads);
  if (any_note) out["notes"] = std::move(notes);
  return out;
}

void add_body(Json& out, const std::monostate&) {
  out["kind"] = nullptr;
}

void add_body(Json& out, const XyPlot& plot) {
  out["kind"] = "xy";
  bool with_images = plot.images && plot.images->count > 0;
  Json panels = Json::array();
  for (const Panel& panel : plot.panels) {
    Json series = Json::array();
    for (const PointSeries& one : panel.series) {
      series.push_back(series_json(one, panel, with_images || plot.facts));
    }
    panels.push_back({{"title", clean_text(panel.title)},
                      {"caption", texts(panel.caption)},
                      {"x", axis_json(panel.x)},
                      {"y", axis_json(panel.y)},
                      {"series", std::move(series)}});
  }
  out["panels"] = std::move(panels);
  out["equal_scale"] = plot.equal_scale;
  if (plot.shared_y) out["shared_y"] = true;
  if (plot.facts) out["facts"] = facts_json(*plot.facts);
  if (!with_images) return;
  Sprite sprite = encode_sprite(*plot.images);
  out["sprite"] = {{"url", "data:image/jpeg;base64," + base64(sprite.jpeg)},
                   {"width", sprite.width},
                   {"height", sprite.height},
                   {"columns", sprite.columns}};
}

void add_body(Json& out, const BarChart& chart) {
  out["kind"] = "bars";
  out["categories"] = texts(chart.categories);
  out["values"] = axis_json(chart.values);
  Json series = Json::array();
  for (const BarSeries& one : chart.series) {
    series.push_back({{"name", clean_text(one.name)}, {"color", one.color}, {"values", numbers(one.values)}});
  }
  out["series"] = std::move(series);
  out["stacked"] = chart.stacked;
}

void add_body(Json& out, const Heatmap& heatmap) {
  out["kind"] = "heatmap";
  out["rows"] = texts(heatmap.rows);
  out["columns"] = texts(heatmap.columns);
  out["row_title"] = clean_text(heatmap.row_title);
  out["column_title"] = clean_text(heatmap.column_title);
  Json values = Json::array();
  for (const auto& row : heatmap.values) values.push_back(numbers(row));
  out["values"] = std::move(values);
  out["precision"] = heatmap.precision;
}

void add_body(Json& out, const ImageGrid& grid) {
  out["kind"] = "images";
  out["columns"] = texts(grid.columns);
  Json rows = Json::array();
  for (const ImageGrid::Row& row : grid.rows) {
    Json cells = Json::array();
    for (const ImageCell& cell : row.cells) {
      bool there = cell.image && *cell.image >= 0 && *cell.image < grid.images.count;
      Json url = nullptr;
      if (there) url = "data:image/png;base64," + base64(encode_png(grid.images, *cell.image));
      cells.push_back({{"url", std::move(url)}, {"caption", clean_text(cell.caption)}});
    }
    rows.push_back({{"title", clean_text(row.title)}, {"cells", std::move(cells)}});
  }
  out["rows"] = std::move(rows);
}

void add_body(Json& out, const ParallelCoordinates& plot) {
  out["kind"] = "parallel";
  Json axes = Json::array(), lines = Json::array();
  for (const FigureAxis& axis : plot.axes) axes.push_back(axis_json(axis));
  for (const auto& line : plot.lines) lines.push_back(numbers(line));
  out["axes"] = std::move(axes);
  out["lines"] = std::move(lines);
}

}  // namespace

Json figure_json(const Figure& figure) {
  Json out{{"name", clean_text(figure.name)},
           {"title", clean_text(figure.title)},
           {"caption", texts(figure.caption)},
           {"gaps", texts(figure.omissions)}};
  std::visit([&](const auto& body) { add_body(out, body); }, figure.body);
  return out;
}

}  // namespace latentgrid
