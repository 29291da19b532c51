// The one symbol that latentgrid-figures.so is loaded for.
#include "figure/draw.hpp"
#include "figure/drawing.hpp"
#include "figure/render.hpp"

extern "C" __attribute__((visibility("default"))) const latentgrid::FigureLibrary* latentgrid_figure_library() {
  using namespace latentgrid;
  static const FigureLibrary library{.has_font = has_figure_font,
                                     .draw = [](const Figure& figure) { return render(draw(figure)); }};
  return &library;
}
