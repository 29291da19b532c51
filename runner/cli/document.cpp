#include "cli/document.hpp"

#include <fmt/format.h>

#include "cli/display_width.hpp"
#include "report/table.hpp"
#include "report/table_markdown.hpp"

namespace latentgrid::cli {

void Document::begin(Part part) {
  const bool apart = format_ == Format::md || part == Part::heading || part != last_;
  const bool under_heading = format_ != Format::md && last_ == Part::heading;
  if (last_ != Part::none && apart && !under_heading) fmt::print("\n");
  last_ = part;
}

void Document::heading(const std::string& text) {
  begin(Part::heading);
  fmt::print("{}{}\n", format_ == Format::md ? "### " : "",
             format_ == Format::md ? markdown_field(text) : printable(text));
}

void Document::sentence(const std::string& text) {
  begin(Part::sentence);
  fmt::print("{}\n", format_ == Format::md ? markdown_field(text) : printable(text));
}

void Document::table(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows) {
  begin(Part::table);
  print_rows(format_, columns, rows, 2);
}

}  // namespace latentgrid::cli
