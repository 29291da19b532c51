#include "figure/drawing.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/program_files.hpp"

namespace latentgrid {

namespace {

constexpr const char* library_name = "latentgrid-figures.so";

const FigureLibrary& library() {
  static const FigureLibrary* loaded =
      reinterpret_cast<const FigureLibrary* (*)()>(function_of_library(library_name, "latentgrid_figure_library"))();
  return *loaded;
}

}  // namespace

std::optional<DrawingProblem> drawing_problem() {
  try {
    if (library().has_font()) return std::nullopt;
  } catch (const Error& error) {
    const bool there = std::filesystem::exists(program_file(library_name));
    return DrawingProblem{error.what(), there ? "apt-get install libpangocairo-1.0-0" : "build latentgrid-figures"};
  }
  return DrawingProblem{fmt::format("the font {} is not installed", figure_font),
                        fmt::format("apt-get install {}", figure_font_package)};
}

DrawnFigure draw_figure(const Figure& figure) {
  if (const auto problem = drawing_problem()) {
    throw Error(fmt::format("figures cannot be drawn: {}\n  hint: {}", problem->what, problem->remedy));
  }
  return library().draw(figure);
}

}  // namespace latentgrid
