#include "figure/draw.hpp"

#include <algorithm>
#include <stdexcept>

#include "figure/text_layout.hpp"

namespace latentgrid {

namespace {

constexpr double page_edge = 8, least_width = 260, page_title = 10.5;

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
  std::vector<std::string> title = wrap_heading(clean_text(figure.title), page_title, width, 6, true);
  double head = title.empty() ? 0 : line_height * page_title * static_cast<double>(title.size()) + 6;
  canvas.shift(page_edge + (width - canvas.width) / 2, page_edge + head);
  canvas.width = width + 2 * page_edge;
  canvas.height += 2 * page_edge + head;
  canvas.paragraph(canvas.width / 2, page_edge, title, {page_title, Align::center, true});
  return canvas;
}

}  // namespace latentgrid
