#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "report/table.hpp"

namespace latentgrid {

namespace {

// What LaTeX reads as something else, and the few signs of our own that the default fonts lack.
constexpr std::pair<std::string_view, std::string_view> replacements[] = {{"\\", "\\textbackslash{}"},
                                                                          {"{", "\\{"},
                                                                          {"}", "\\}"},
                                                                          {"$", "\\$"},
                                                                          {"&", "\\&"},
                                                                          {"%", "\\%"},
                                                                          {"#", "\\#"},
                                                                          {"_", "\\_"},
                                                                          {"^", "\\textasciicircum{}"},
                                                                          {"~", "\\textasciitilde{}"},
                                                                          {"<", "\\textless{}"},
                                                                          {">", "\\textgreater{}"},
                                                                          {"|", "\\textbar{}"},
                                                                          {"\"", "''"},  // \textquotedbl needs T1 fonts
                                                                          {"±", "$\\pm$"},
                                                                          {"×", "$\\times$"},
                                                                          {"–", "--"},
                                                                          {"†", "$\\dagger$"},
                                                                          {"ρ", "$\\rho$"},
                                                                          {"\n", " "},
                                                                          {"\r", " "}};

std::string escape(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    std::string_view from = text.substr(0, 1), to = from;
    for (const auto& [sign, replacement] : replacements) {
      if (text.substr(0, sign.size()) == sign) {
        from = sign;
        to = replacement;
        break;
      }
    }
    escaped += to;
    text.remove_prefix(from.size());
  }
  return escaped;
}

std::string latex_cell(const TableCell& cell, const TableColumn& column) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return escape(*text);
  if (const auto* number = std::get_if<std::int64_t>(&cell.value)) return fmt::format("{}", *number);
  if (const auto* estimate = std::get_if<Estimate>(&cell.value)) {
    auto signed_number = [&](double value) {
      std::string text = fmt::format("{:.{}f}", value, column.precision);
      return text.front() == '-' ? fmt::format("${}$", text) : text;
    };
    std::string text = signed_number(estimate->mean);
    if (estimate->deviation) {
      text += fmt::format(" $\\pm$ {:.{}f} ({})", *estimate->deviation, column.precision, estimate->n);
    }
    return text;
  }
  return "--";
}

void add_latex_row(std::string& out, const std::vector<std::string>& cells) {
  out += "    ";
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? " & " : "") + cells[i];
  out += " \\\\\n";
}

}  // namespace

std::string to_latex(const Table& table) {
  std::string alignment;
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) {
    alignment += column.kind == ColumnKind::text ? 'l' : 'r';
    titles.push_back(escape(column.title));
  }
  std::string out = fmt::format(
      "% needs \\usepackage{{booktabs}}\n\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\label{{tab:{}}}\n"
      "  \\begin{{tabular}}{{{}}}\n    \\toprule\n",
      escape(table.title), table.name, alignment);
  add_latex_row(out, titles);
  out += "    \\midrule\n";
  for (const std::vector<TableCell>& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string text = latex_cell(row[i], table.columns[i]);
      if (row[i].tied) text += "\\,$^\\dagger$";
      cells.push_back(row[i].best ? "\\textbf{" + text + "}" : text);
    }
    add_latex_row(out, cells);
  }
  out += "    \\bottomrule\n  \\end{tabular}\n";
  if (!table.foot.empty()) {
    out += "  \\par\\smallskip\n  \\begin{minipage}{\\linewidth}\\footnotesize\n";
    for (const std::string& sentence : table.foot) out += fmt::format("    {}\\par\n", escape(sentence));
    out += "  \\end{minipage}\n";
  }
  return out + "\\end{table}\n";
}

}  // namespace latentgrid
