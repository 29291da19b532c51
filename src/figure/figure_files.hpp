#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "figure/figure.hpp"

namespace latentgrid {

struct FigureFiles {
  std::filesystem::path png, svg, pdf;
  std::string boxed;  // a text with boxes in place of letters, see DrawnFigure
};

// Draws a figure into <folder>/<name>.png (216 dots an inch), .svg and .pdf, each whole or not at all, the same bytes for
// the same figure. Creates the folder. Nothing for a figure without body. The caption's sentences and the omissions are not in
// the files: they belong into the text around the figure. Throws Error where figures cannot be drawn (see
// drawing_problem()) or files cannot be written. Thread-safe for different names.
std::optional<FigureFiles> write_figure(const Figure& figure, const std::filesystem::path& folder);

}  // namespace latentgrid
