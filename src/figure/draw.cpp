#include "figure/draw.hpp"

#include <algorithm>
#include <stdexcept>

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
  const double width = std::max(canvas.width, least_width);
  const TextStyle style = balanced(
      figure.title, {.size = page_title, .align = Align::center, .bold = true, .width = width, .lines = 6});
  const double title = text_size(figure.title, style).height, above = title > 0 ? title + 6 : 0;
  canvas.text(canvas.width / 2, title / 2 - above, figure.title, style);
  canvas.body_x = page_edge + (width - canvas.width) / 2;
  canvas.body_y = page_edge + above;
  canvas.width = width + 2 * page_edge;
  canvas.height += 2 * page_edge + above;
  return canvas;
}

}  // namespace latentgrid
