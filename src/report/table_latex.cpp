#include "report/table_latex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/decimal.hpp"
#include "report/table.hpp"

namespace latentgrid {

namespace {

// What LaTeX reads as something else, and signs that it has under other names.
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
                                                                          {"—", "---"},
                                                                          {"−", "$-$"},
                                                                          {"·", "$\\cdot$"},
                                                                          {"≤", "$\\leq$"},
                                                                          {"≥", "$\\geq$"},
                                                                          {"→", "$\\to$"},
                                                                          {"²", "$^2$"},
                                                                          {"…", "\\ldots{}"},
                                                                          {"α", "$\\alpha$"},
                                                                          {"β", "$\\beta$"},
                                                                          {"γ", "$\\gamma$"},
                                                                          {"ε", "$\\varepsilon$"},
                                                                          {"η", "$\\eta$"},
                                                                          {"λ", "$\\lambda$"},
                                                                          {"μ", "$\\mu$"},
                                                                          {"ρ", "$\\rho$"},
                                                                          {"σ", "$\\sigma$"},
                                                                          {"\n", " "},
                                                                          {"\r", " "}};

std::string escape(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const bool behind_digit = !escaped.empty() && escaped.back() >= '0' && escaped.back() <= '9';
    if (behind_digit && text.starts_with(" %")) {  // a number and its unit stay on one line
      escaped += "~\\%";
      text.remove_prefix(2);
      continue;
    }
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

std::string latex_cell(const TableCell& cell, const TableColumn& column, bool show_n) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return escape(*text);
  if (const auto* number = std::get_if<std::int64_t>(&cell.value)) return fmt::format("{}", *number);
  if (const auto* estimate = std::get_if<Estimate>(&cell.value)) {
    const int digits = cell.digits(column.precision);
    auto signed_number = [&](double value) {
      std::string text = fixed(value, digits);
      return text.front() == '-' ? fmt::format("${}$", text) : text;
    };
    std::string text = signed_number(estimate->mean);
    if (estimate->deviation) text += " $\\pm$ " + fixed(*estimate->deviation, digits);
    if (show_n) text += fmt::format(" ({})", estimate->n);
    return text;
  }
  return "--";
}

void add_latex_row(std::string& out, const std::vector<std::string>& cells) {
  out += "    ";
  // After the \\ of the row above, [ would begin a length and * would forbid a page break.
  if (cells.front().starts_with('[') || cells.front().starts_with('*')) out += "{}";
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? " & " : "") + cells[i];
  out += " \\\\\n";
}

// What several columns of a pivot share stands above them, with a rule below it.
void add_shared_heading(std::string& out, const Table& table, std::size_t level) {
  std::vector<std::string> cells;
  std::string rules;
  for (std::size_t first = 0; first < table.columns.size();) {
    const std::vector<std::string>& own = table.columns[first].levels;
    if (level + 1 >= own.size()) {
      cells.emplace_back();
      ++first;
      continue;
    }
    std::size_t end = first + 1;
    while (end < table.columns.size() && table.columns[end].levels.size() == own.size() &&
           std::equal(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(level) + 1,
                      table.columns[end].levels.begin())) {
      ++end;
    }
    cells.push_back(fmt::format("\\multicolumn{{{}}}{{c}}{{{}}}", end - first, escape(own[level])));
    rules += fmt::format("\\cmidrule(lr){{{}-{}}}", first + 1, end);
    first = end;
  }
  add_latex_row(out, cells);
  out += "    " + rules + "\n";
}

void add_headings(std::string& out, const Table& table) {
  std::size_t levels = 1;
  for (const TableColumn& column : table.columns) levels = std::max(levels, column.levels.size());
  for (std::size_t level = 0; level + 1 < levels; ++level) add_shared_heading(out, table, level);
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) {
    titles.push_back(escape(column.levels.size() > 1 ? column.levels.back() : column.title));
  }
  add_latex_row(out, titles);
}

std::string foot_text(const Table& table) {
  if (table.footnotes.empty()) return "";
  std::string text;
  for (const std::string& sentence : table.footnotes) text += (text.empty() ? "" : " ") + escape(sentence);
  return "  \\par\\smallskip\n  \\begin{minipage}{0.95\\linewidth}\\footnotesize\n    " + text +
         "\n  \\end{minipage}\n";
}

std::string comment(const std::string& sentence) {
  std::string text = "% ";
  for (char c : sentence) text += c == '\n' || c == '\r' ? ' ' : c;
  return text + "\n";
}

}  // namespace

std::string to_latex(const Table& table) {
  std::string alignment;
  for (const TableColumn& column : table.columns) alignment += column.kind == ColumnKind::text ? 'l' : 'r';
  std::string out = fmt::format(
      "% needs \\usepackage{{booktabs,graphicx}}\n\\begin{{table}}\n  \\centering\n  "
      "\\setlength{{\\belowcaptionskip}}{{4pt}}\n"
      "  \\caption{{{}}}\n  \\label{{tab:{}}}\n  \\sbox0{{%\n  \\begin{{tabular}}{{{}}}\n    \\toprule\n",
      escape(table.caption.empty() ? table.title : table.caption), table.name, alignment);
  add_headings(out, table);
  out += "    \\midrule\n";
  for (const std::vector<TableCell>& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string text = latex_cell(row[i], table.columns[i], prints_n(table));
      if (row[i].best) text = "\\textbf{" + text + "}";
      if (row[i].tied && table.marks_tied) text += "\\rlap{\\,$^\\dagger$}";  // numbers stay below each other
      cells.push_back(std::move(text));
    }
    add_latex_row(out, cells);
  }
  // A table that is wider than the text is made smaller.
  out +=
      "    \\bottomrule\n  \\end{tabular}}%\n"
      "  \\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi\n";
  out += foot_text(table) + "\\end{table}\n";
  for (const std::string& sentence : table.details) out += comment(sentence);
  return out;
}

}  // namespace latentgrid
