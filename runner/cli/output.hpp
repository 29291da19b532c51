#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "db/row_sink.hpp"

namespace latentgrid::cli {

// Prints rows to stdout. table and md align or need every row before the first line; json and csv print each as it
// comes.
//   table  columns aligned by display width, numbers to the right, reals with 6 significant digits, NULL as -
//   md     a Markdown table with the same numbers, NULL empty
//   csv    RFC 4180, numbers in full, NULL empty
//   json   an array of objects, one a line, members in the order of the columns, numbers in full
class RowPrinter : public RowSink {
 public:
  virtual void finish() = 0;
};

std::unique_ptr<RowPrinter> make_printer(Format format);
// csv or json, handed on piece by piece instead of printed.
using WriteText = std::function<void(std::string_view)>;
std::unique_ptr<RowPrinter> make_row_writer(Format format, WriteText write);

// A table that is already in memory, indented by `indent` spaces (table only).
void print_rows(Format format, const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows,
                std::size_t indent = 0);

// Throws UsageError where `--out -` and --json would both write to stdout.
void require_one_on_stdout(const std::filesystem::path& out, const Context& context);

// The one of `formats` that the ending of the file's name says; "" where the name has no ending, and of a device or a pipe.
// Throws UsageError for another ending.
std::string format_by_ending(const std::filesystem::path& out, const std::vector<std::string>& formats);

// Whether stderr is a terminal that clears lines. A dumb one, as an editor's shell window is, shows the codes that do.
bool stderr_redraws_lines();

std::string short_number(double value);   // 6 significant digits
std::string cell_text(const Cell& cell);  // as in a table

}  // namespace latentgrid::cli
