#include <algorithm>
#include <cmath>

#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"
#include "figure/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double grid_width = 490, grid_heading = 7.5, grid_caption = 6.5, grid_gap = 6, most_row_title = 105;

// One image as rows×columns×3. Small ones are repeated pixel by pixel up to about 100: whatever shows the file then
// hardly blurs them into each other.
CanvasImage image_at(const Pixels& pixels, std::int64_t index) {
  std::int64_t longest = std::max<std::int64_t>({pixels.height, pixels.width, 1});
  std::int64_t factor = std::max<std::int64_t>(2, (100 + longest / 2) / longest);
  bool thin = pixels.height == 1 || pixels.width == 1;  // gnuplot wants two rows and columns
  if (longest > 100 && !thin) factor = 1;
  CanvasImage image;
  image.rows = pixels.height * factor;
  image.columns = pixels.width * factor;
  image.rgb.reserve(static_cast<std::size_t>(image.rows * image.columns * 3));
  std::int64_t first = index * pixels.height * pixels.width * pixels.channels;
  for (std::int64_t row = 0; row < image.rows; ++row) {
    for (std::int64_t column = 0; column < image.columns; ++column) {
      std::int64_t pixel = first + (row / factor * pixels.width + column / factor) * pixels.channels;
      for (std::int64_t channel : {0, 1, 2}) {
        image.rgb.push_back(pixels.values[static_cast<std::size_t>(pixel + std::min(channel, pixels.channels - 1))]);
      }
    }
  }
  return image;
}

bool has_image(const Pixels& pixels, const ImageCell& cell) {
  return cell.image && *cell.image >= 0 && *cell.image < pixels.count && pixels.height > 0 && pixels.width > 0;
}

std::vector<std::string> lines_of(const std::string& text, double size, double width, std::size_t most,
                                  bool bold = false) {
  return wrap_text(clean_text(text), size, width, most, bold);
}

void draw_gap(Canvas& canvas, double x, double y, double width, double height, const std::string& text) {
  canvas.frame(x, y, width, height, {0xA6A6A6, 0.6, 1, true});
  double size = grid_caption;
  std::vector<std::string> lines;
  for (;; size -= 0.5) {
    auto most = static_cast<std::size_t>(std::max(1.0, (height - 4) / (line_height * size)));
    lines = lines_of(text.empty() ? "–" : text, size, width - 5, most);
    if (size <= 5 || lines_of(text, size, width - 5, most + 1).size() <= most) break;
  }
  double top = y + (height - line_height * size * static_cast<double>(lines.size())) / 2;
  canvas.paragraph(x + width / 2, top, lines, {size, Align::center, false, false, 0x595959});
}

}  // namespace

void draw_body(Canvas& canvas, const ImageGrid& grid) {
  double titles = 0;
  std::size_t columns = grid.columns.size();
  for (const ImageGrid::Row& row : grid.rows) {
    columns = std::max(columns, row.cells.size());
    for (const std::string& line : lines_of(row.title, grid_heading, most_row_title, 5)) {
      titles = std::max(titles, text_width(line, grid_heading) + 8);
    }
  }
  auto count = static_cast<double>(std::max<std::size_t>(columns, 1));
  double width = std::clamp((grid_width - titles - grid_gap * (count - 1)) / count, 44.0, 92.0);
  double aspect = grid.images.width > 0 && grid.images.height > 0
                      ? static_cast<double>(grid.images.height) / static_cast<double>(grid.images.width)
                      : 1;
  double height = width * std::clamp(aspect, 0.2, 4.0), drawn = std::min(width, height / aspect);

  std::size_t most = 0;
  std::vector<std::vector<std::string>> headings;
  for (const std::string& name : grid.columns) {
    headings.push_back(lines_of(name, grid_heading, width + grid_gap - 2, 4, true));
    most = std::max(most, headings.back().size());
  }
  double y = line_height * grid_heading * static_cast<double>(most) + (most > 0 ? 3 : 0);
  for (std::size_t c = 0; c < headings.size(); ++c) {
    double top = y - 3 - line_height * grid_heading * static_cast<double>(headings[c].size());
    double middle = titles + static_cast<double>(c) * (width + grid_gap) + width / 2;
    canvas.paragraph(middle, top, headings[c], {grid_heading, Align::center, true});
  }
  for (const ImageGrid::Row& row : grid.rows) {
    std::vector<std::string> title = lines_of(row.title, grid_heading, most_row_title, 5);
    double title_height = line_height * grid_heading * static_cast<double>(title.size());
    canvas.paragraph(titles - 6, y + (height - title_height) / 2, title, {grid_heading, Align::right});
    double end = std::max(y + height, y + (height + title_height) / 2);
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      double x = titles + static_cast<double>(c) * (width + grid_gap);
      const ImageCell& cell = row.cells[c];
      if (!has_image(grid.images, cell)) {
        draw_gap(canvas, x, y, width, height, cell.caption);
        continue;
      }
      CanvasImage image = image_at(grid.images, *cell.image);
      image.x = x + (width - drawn) / 2;
      image.width = drawn;
      image.height = std::min(height, drawn * aspect);
      image.y = y + (height - image.height) / 2;
      canvas.add(std::move(image));
      std::vector<std::string> caption = lines_of(cell.caption, grid_caption, width + grid_gap - 2, 3);
      double below = canvas.paragraph(x + width / 2, y + height + 1.5, caption, {grid_caption, Align::center});
      end = std::max(end, caption.empty() ? y + height : below);
    }
    y = end + grid_gap;
  }
  canvas.width = titles + count * width + (count - 1) * grid_gap;
  canvas.height = std::max(y - grid_gap, 0.0);
}

}  // namespace latentgrid
