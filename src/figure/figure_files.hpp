#pragma once

#include <filesystem>
#include <optional>

#include "figure/figure.hpp"

namespace latentgrid {

struct FigureFiles {
  std::filesystem::path png, svg, pdf;
};

// Draws a figure with gnuplot into <folder>/<name>.png (216 dots an inch), .svg and .pdf, each whole or not at all, the
// same bytes for the same figure. Creates the folder. Nothing for a figure without body. The caption's sentences and
// the gaps are not in the files: they belong into the text around the figure. Throws Error without gnuplot (see
// gnuplot_is_there() in report/gnuplot.hpp) or where files cannot be written. Thread-safe for different names.
std::optional<FigureFiles> write_figure(const Figure& figure, const std::filesystem::path& folder);

}  // namespace latentgrid
