#include <algorithm>
#include <cmath>

#include "figure/draw.hpp"
#include "figure/draw_axes.hpp"

namespace latentgrid {

namespace {

constexpr double grid_width = 490, grid_heading = 7.5, grid_caption = 6.5, grid_gap = 6, most_row_title = 105;

// One image as rows×columns×3. Small ones are repeated pixel by pixel up to about 100: whatever shows the file then
// hardly blurs them into each other.
CanvasImage image_at(const Pixels& pixels, std::int64_t index) {
  std::int64_t longest = std::max<std::int64_t>({pixels.height, pixels.width, 1});
  std::int64_t factor = std::max<std::int64_t>(1, (100 + longest / 2) / longest);
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

void draw_empty_cell(Canvas& canvas, double x, double y, double width, double height, const std::string& text) {
  canvas.frame(x, y, width, height, {0xA6A6A6, 0.6, 1, true});
  TextStyle style{.align = Align::center, .color = 0x595959, .width = width - 5};
  for (style.size = grid_caption;; style.size -= 0.5) {
    style.lines = static_cast<int>(std::max(1.0, (height - 4) / (line_height * style.size)));
    if (style.size <= 5 || !text_size(text, style).cut) break;
  }
  canvas.text(x + width / 2, y + height / 2, text.empty() ? "–" : text, style);
}

}  // namespace

void draw_body(Canvas& canvas, const ImageGrid& grid) {
  const TextStyle row_title{.size = grid_heading, .align = Align::right, .width = most_row_title, .lines = 5};
  double titles = 0;
  std::size_t columns = grid.columns.size();
  for (const ImageGrid::Row& row : grid.rows) {
    columns = std::max(columns, row.cells.size());
    if (!row.title.empty()) titles = std::max(titles, text_size(row.title, row_title).width + 8);
  }
  auto count = static_cast<double>(std::max<std::size_t>(columns, 1));
  double width = std::clamp((grid_width - titles - grid_gap * (count - 1)) / count, 44.0, 92.0);
  double aspect = grid.images.width > 0 && grid.images.height > 0
                      ? static_cast<double>(grid.images.height) / static_cast<double>(grid.images.width)
                      : 1;
  double height = width * std::clamp(aspect, 0.2, 4.0), drawn = std::min(width, height / aspect);

  const TextStyle heading{
      .size = grid_heading, .align = Align::center, .bold = true, .width = width + grid_gap - 2, .lines = 4};
  const TextStyle caption{.size = grid_caption, .align = Align::center, .width = width + grid_gap - 2, .lines = 3};
  double headings = 0;
  for (const std::string& name : grid.columns) headings = std::max(headings, text_size(name, heading).height);
  double y = headings + (headings > 0 ? 3 : 0);
  for (std::size_t c = 0; c < grid.columns.size(); ++c) {
    const double middle = titles + static_cast<double>(c) * (width + grid_gap) + width / 2;
    canvas.paragraph(middle, headings - text_size(grid.columns[c], heading).height, grid.columns[c], heading);
  }
  for (const ImageGrid::Row& row : grid.rows) {
    canvas.text(titles - 6, y + height / 2, row.title, row_title);
    double end = y + (height + std::max(height, text_size(row.title, row_title).height)) / 2;
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      double x = titles + static_cast<double>(c) * (width + grid_gap);
      const ImageCell& cell = row.cells[c];
      if (!has_image(grid.images, cell)) {
        draw_empty_cell(canvas, x, y, width, height, cell.caption);
        continue;
      }
      CanvasImage image = image_at(grid.images, *cell.image);
      image.x = x + (width - drawn) / 2;
      image.width = drawn;
      image.height = std::min(height, drawn * aspect);
      image.y = y + (height - image.height) / 2;
      canvas.add(std::move(image));
      end = std::max(end, canvas.paragraph(x + width / 2, y + height + 1.5, cell.caption, caption));
    }
    y = end + grid_gap;
  }
  canvas.width = titles + count * width + (count - 1) * grid_gap;
  canvas.height = std::max(y - grid_gap, 0.0);
}

}  // namespace latentgrid
