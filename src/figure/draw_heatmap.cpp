#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/decimal.hpp"
#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"

namespace latentgrid {

namespace {

constexpr double number_size = 7, most_heading = 110;
constexpr Rgb missing_cell = 0xEEEEEE;

constexpr TextStyle heading{.size = tick_text, .width = most_heading};

double widest_of(const std::vector<std::string>& names) {
  double widest = 0;
  for (const std::string& name : names) widest = std::max(widest, text_size(name, heading).width);
  return widest;
}

struct HeatmapCells {
  std::vector<std::vector<std::string>> texts;  // rows×columns
  double low = 0, high = 0, widest = 0;

  explicit HeatmapCells(const Heatmap& heatmap) {
    for (std::size_t r = 0; r < heatmap.rows.size(); ++r) {
      texts.emplace_back(heatmap.columns.size(), "–");
      for (std::size_t c = 0; c < heatmap.columns.size(); ++c) {
        std::optional<double> value = at(heatmap, r, c);
        if (!value) continue;
        texts[r][c] =
            std::abs(*value) < 1e9 ? fixed(*value, heatmap.precision) : fmt::format("{:.3g}", *value);
        low = std::min(low, *value);
        high = std::max(high, *value);
        widest = std::max(widest, text_size(texts[r][c], {.size = number_size}).width);
      }
    }
  }

  static std::optional<double> at(const Heatmap& heatmap, std::size_t r, std::size_t c) {
    if (r >= heatmap.values.size() || c >= heatmap.values[r].size()) return std::nullopt;
    std::optional<double> value = heatmap.values[r][c];
    return value && std::isfinite(*value) ? value : std::nullopt;
  }

  double shade(double value) const { return high > low ? value / (high - low) - low / (high - low) : 0; }
};

}  // namespace

void draw_body(Canvas& canvas, const Heatmap& heatmap) {
  HeatmapCells cells(heatmap);
  const std::vector<std::string>&rows = heatmap.rows, &columns = heatmap.columns;
  const double row_width = widest_of(rows), column_width = widest_of(columns);
  double width = std::max(columns.size() <= 6 ? 40.0 : 22.0, cells.widest + 8);
  double cell_height = rows.size() <= 6 ? 21 : 15;
  bool upward = column_width > width - 3 && column_width > 34;
  if (!upward) width = std::max(width, column_width + 4);
  auto column_count = static_cast<double>(columns.size()), row_count = static_cast<double>(rows.size());

  double left = row_width + 5 + (heatmap.row_title.empty() ? 0 : line_height * title_text + 3);
  double middle = left + width * column_count / 2;
  double top = canvas.paragraph(
      middle, 0, heatmap.column_title,
      {.size = title_text, .align = Align::center, .width = std::max(width * column_count, 120.0), .lines = 3});
  top += upward ? column_width + 6 : line_height * tick_text + 3;

  for (std::size_t c = 0; c < columns.size(); ++c) {
    double x = left + (static_cast<double>(c) + 0.5) * width;
    TextStyle style = heading;
    style.upward = upward;
    style.align = upward ? Align::left : Align::center;
    canvas.text(x, top - (upward ? 3 : 2 + line_height * tick_text / 2), columns[c], style);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    double y = top + static_cast<double>(r) * cell_height;
    canvas.text(left - 4, y + cell_height / 2, rows[r],
                {.size = tick_text, .align = Align::right, .width = most_heading});
    for (std::size_t c = 0; c < columns.size(); ++c) {
      double x = left + static_cast<double>(c) * width;
      std::optional<double> value = HeatmapCells::at(heatmap, r, c);
      Rgb color = value ? white_to_blue(cells.shade(*value)) : missing_cell;
      canvas.add(CanvasBox{x, y, width, cell_height, color});
      Rgb ink = is_dark(color) ? 0xFFFFFF : 0x1A1A1A;
      canvas.text(x + width / 2, y + cell_height / 2, cells.texts[r][c],
                  {.size = number_size, .align = Align::center, .color = ink});
    }
  }
  double right = left + width * column_count, bottom = top + cell_height * row_count;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    double y = top + static_cast<double>(r) * cell_height;
    canvas.line(left, y, right, y, {0xFFFFFF, 0.7});
  }
  for (std::size_t c = 1; c < columns.size(); ++c) {
    double x = left + static_cast<double>(c) * width;
    canvas.line(x, top, x, bottom, {0xFFFFFF, 0.7});
  }
  if (!rows.empty() && !columns.empty()) canvas.frame(left, top, right - left, bottom - top, {axis_ink, 0.5});
  const TextStyle beside{
      .size = title_text, .align = Align::center, .upward = true, .width = std::max(bottom - top, 56.0)};
  canvas.text(line_height * title_text / 2, (top + bottom) / 2, heatmap.row_title,
              shrunk_to_fit(heatmap.row_title, beside));
  canvas.width = std::max(right, middle + 60);
  canvas.height = bottom;
}

}  // namespace latentgrid
