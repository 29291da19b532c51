#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace latentgrid {

// A number over replicates: `deviation` is the sample standard deviation (n - 1 in the denominator), absent for n = 1.
struct Estimate {
  double mean = 0;
  std::optional<double> deviation;
  std::int64_t n = 0;
};

// Nothing is a cell without a value: raw pixels have no reconstruction loss, an unfinished job no score. An empty text
// is a cell that no job belongs to.
struct TableCell {
  std::variant<std::monostate, std::string, std::int64_t, Estimate> value;
  bool best = false;
  bool tied = false;  // cannot be told from the best
  std::optional<int> precision = {};  // instead of the column's: a long table has several measures in one column

  int digits(int of_column) const { return precision.value_or(of_column); }
};

enum class ColumnKind { text, integer, estimate };

struct TableColumn {
  std::string field;
  std::string title;
  ColumnKind kind = ColumnKind::text;
  int precision = 4;  // digits after the point, in Markdown and LaTeX
  bool best = false;  // its best cells are marked
  std::vector<std::string> levels = {};  // of a pivot: the parts of its title, those that several columns share first
};

// A column that only CSV has, behind the others: what notes say elsewhere.
struct CsvColumn {
  std::string title;
  std::vector<std::string> values;  // one a row
};

// Its forms (table_markdown.hpp, table_latex.hpp, table_csv.hpp): the same table gives the same bytes, whatever the locale or
// the day. Numbers are rounded to the column's precision (base/decimal.hpp), in Markdown and LaTeX: `0.7170 ± 0.0031 (3)`; CSV
// has them in full.
struct Table {
  std::string name;  // of its files
  std::string title;
  std::string caption = {};  // below the title; in LaTeX instead of it
  std::vector<TableColumn> columns = {};
  std::vector<std::vector<TableCell>> rows = {};
  std::vector<std::string> footnotes = {};      // sentences, plain text: short, under the table
  std::vector<std::string> details = {};   // long ones, behind it: what was tested and found
  std::vector<std::string> problems = {};  // what the sweep asks of this table and cannot have
  std::vector<CsvColumn> csv_columns = {};
  bool show_n = true;                      // an estimate says over how many replicates it is
  bool marks_tied = true;                  // with †, which needs a note; CSV has its column in any case
};

// Whether its estimates are printed with their replicates: of single runs alone there is nothing to say. Beside means over several, a
// value of one is printed as such.
inline bool prints_n(const Table& table) {
  if (!table.show_n) return false;
  for (const std::vector<TableCell>& row : table.rows) {
    for (const TableCell& cell : row) {
      if (const auto* estimate = std::get_if<Estimate>(&cell.value); estimate && estimate->deviation) return true;
    }
  }
  return false;
}

}  // namespace latentgrid
