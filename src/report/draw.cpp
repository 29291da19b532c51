#include "report/draw.hpp"

#include <algorithm>
#include <stdexcept>

#include "report/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double edge = 8, least_width = 260, title_size = 10.5;

}  // namespace

Canvas draw(const Figure& figure) {
  Canvas canvas;
  std::visit(
      [&](const auto& body) {
        if constexpr (std::is_same_v<std::decay_t<decltype(body)>, std::monostate>) {
          throw std::logic_error("a figure without body has nothing to draw");
        } else {
          draw_body(canvas, body);
        }
      },
      figure.body);
  double width = std::max(canvas.width, least_width);
  std::vector<std::string> title = wrap_heading(clean_text(figure.title), title_size, width, 6, true);
  double head = title.empty() ? 0 : line_height * title_size * static_cast<double>(title.size()) + 6;
  canvas.shift(edge + (width - canvas.width) / 2, edge + head);
  canvas.width = width + 2 * edge;
  canvas.height += 2 * edge + head;
  canvas.paragraph(canvas.width / 2, edge, title, {title_size, Align::center, true});
  return canvas;
}

}  // namespace latentgrid
