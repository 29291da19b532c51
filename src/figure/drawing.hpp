#pragma once

#include <optional>
#include <string>

#include "figure/figure.hpp"

namespace latentgrid {

// Pango and Cairo take longer to load, with the thirty libraries behind them, than most commands take to run. What needs
// them is a shared library of its own, latentgrid-figures.so, which the first figure loads.

constexpr const char* figure_font = "DejaVu Sans";
constexpr const char* figure_font_package = "fonts-dejavu-core";

struct DrawnFigure {
  std::string png, svg, pdf;  // the files' bytes, the same ones for the same figure
  std::string boxed;          // a text in which boxes stand for letters that no font of this machine has; empty: none
};

struct FigureLibrary {
  bool (*has_font)();
  DrawnFigure (*draw)(const Figure&);
};

// Why no figure can be drawn on this machine, and the remedy; nothing if they can be.
struct DrawingProblem {
  std::string what, remedy;
};
std::optional<DrawingProblem> drawing_problem();

// Draws a figure that has a body, with its title and without the caption's sentences and the omissions. Throws Error if figures
// cannot be drawn. Thread-safe.
DrawnFigure draw_figure(const Figure& figure);

}  // namespace latentgrid
