#include "figure/figure_files.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/error.hpp"
#include "base/output_file.hpp"
#include "figure/drawing.hpp"

namespace latentgrid {

std::optional<FigureFiles> write_figure(const Figure& figure, const std::filesystem::path& folder) {
  if (std::holds_alternative<std::monostate>(figure.body)) return std::nullopt;
  const std::string& name = figure.name;
  if (name.empty() || name.front() == '.' || name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
    throw Error(fmt::format("'{}' cannot be the name of a figure's files: use letters, digits, - and _", name));
  }
  DrawnFigure drawn;
  try {
    drawn = draw_figure(figure);
  } catch (const Error& error) {
    throw Error(fmt::format("figure {}: {}", name, error.what()));
  }
  FigureFiles files{folder / (name + ".png"), folder / (name + ".svg"), folder / (name + ".pdf"), drawn.boxed};
  make_output_folder(folder);
  write_output(files.png, drawn.png);
  write_output(files.svg, drawn.svg);
  write_output(files.pdf, drawn.pdf);
  return files;
}

}  // namespace latentgrid
