#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/decimal.hpp"
#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"
#include "figure/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double number_size = 7, most_heading = 110;
constexpr Rgb missing_cell = 0xEEEEEE;

std::vector<std::string> heading_texts(const std::vector<std::string>& names, double& widest) {
  std::vector<std::string> lines;
  widest = 0;
  for (const std::string& name : names) {
    std::string line = clean_text(name);
    std::replace(line.begin(), line.end(), '\n', ' ');
    lines.push_back(shorten_text(line, tick_text, most_heading));
    widest = std::max(widest, text_width(lines.back(), tick_text));
  }
  return lines;
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
        widest = std::max(widest, text_width(texts[r][c], number_size));
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
  double row_width = 0, column_width = 0;
  std::vector<std::string> rows = heading_texts(heatmap.rows, row_width),
                           columns = heading_texts(heatmap.columns, column_width);
  double width = std::max(columns.size() <= 6 ? 40.0 : 22.0, cells.widest + 8);
  double cell_height = rows.size() <= 6 ? 21 : 15;
  bool upward = column_width > width - 3 && column_width > 34;
  if (!upward) width = std::max(width, column_width + 4);
  auto column_count = static_cast<double>(columns.size()), row_count = static_cast<double>(rows.size());

  double left = row_width + 5 + (heatmap.row_title.empty() ? 0 : line_height * title_text + 3);
  std::vector<std::string> over =
      wrap_text(clean_text(heatmap.column_title), title_text, std::max(width * column_count, 120.0), 3);
  double top = line_height * title_text * static_cast<double>(over.size());
  double middle = left + width * column_count / 2;
  canvas.paragraph(middle, 0, over, {title_text, Align::center});
  top += upward ? column_width + 6 : line_height * tick_text + 3;

  for (std::size_t c = 0; c < columns.size(); ++c) {
    double x = left + (static_cast<double>(c) + 0.5) * width;
    if (upward) {
      canvas.text(x, top - 3, columns[c], {tick_text, Align::left, false, true});
    } else {
      canvas.text(x, top - 2 - line_height * tick_text / 2, columns[c], {tick_text, Align::center});
    }
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    double y = top + static_cast<double>(r) * cell_height;
    canvas.text(left - 4, y + cell_height / 2, rows[r], {tick_text, Align::right});
    for (std::size_t c = 0; c < columns.size(); ++c) {
      double x = left + static_cast<double>(c) * width;
      std::optional<double> value = HeatmapCells::at(heatmap, r, c);
      Rgb color = value ? white_to_blue(cells.shade(*value)) : missing_cell;
      canvas.add(CanvasBox{x, y, width, cell_height, color});
      Rgb ink = is_dark(color) ? 0xFFFFFF : 0x1A1A1A;
      canvas.text(x + width / 2, y + cell_height / 2, cells.texts[r][c],
                  {number_size, Align::center, false, false, ink});
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
  FittedText beside = fit_text(clean_text(heatmap.row_title), title_text, std::max(bottom - top, 60.0));
  canvas.text(line_height * title_text / 2, (top + bottom) / 2, beside.text, {beside.size, Align::center, false, true});
  canvas.width = std::max(right, middle + 60);
  canvas.height = bottom;
}

}  // namespace latentgrid
