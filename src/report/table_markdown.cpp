#include "report/table_markdown.hpp"

#include <fmt/format.h>

#include "base/decimal.hpp"
#include "report/table.hpp"

namespace latentgrid {

std::string markdown_field(const std::string& text) {
  std::string escaped;
  for (char c : text) {
    switch (c) {
      case '|':
      case '\\':
      case '*':
      case '`':
      case '<':
        escaped += '\\';
        escaped += c;
        break;
      case '\n':
      case '\r':
        escaped += ' ';
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

namespace {

std::string markdown_cell(const TableCell& cell, const TableColumn& column, bool show_n) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return markdown_field(*text);
  if (const auto* number = std::get_if<std::int64_t>(&cell.value)) return fmt::format("{}", *number);
  if (const auto* estimate = std::get_if<Estimate>(&cell.value)) {
    const int digits = cell.digits(column.precision);
    std::string text = fixed(estimate->mean, digits);
    if (estimate->deviation) text += " ± " + fixed(*estimate->deviation, digits);
    if (show_n) text += fmt::format(" ({})", estimate->n);
    return text;
  }
  return "–";
}

void add_cell(std::string& line, const std::string& text) {
  line += text.empty() ? " |" : fmt::format(" {} |", text);
}

std::string without_details(const Table& table, const std::string& where_details_are) {
  std::string out = fmt::format("### {}\n\n", markdown_field(table.title));
  if (!table.caption.empty()) out += fmt::format("{}\n\n", markdown_field(table.caption));
  out += "|";
  for (const TableColumn& column : table.columns) add_cell(out, markdown_field(column.title));
  out += "\n|";
  for (const TableColumn& column : table.columns) out += column.kind == ColumnKind::text ? "---|" : "---:|";
  out += "\n";
  for (const std::vector<TableCell>& row : table.rows) {
    out += "|";
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string text = markdown_cell(row[i], table.columns[i], prints_n(table));
      if (row[i].tied && table.marks_tied) text += " †";
      add_cell(out, row[i].best ? "**" + text + "**" : text);
    }
    out += "\n";
  }
  std::string foot;
  for (const std::string& sentence : table.footnotes) foot += (foot.empty() ? "" : " ") + markdown_field(sentence);
  if (!where_details_are.empty()) foot += (foot.empty() ? "" : " ") + where_details_are;
  if (!foot.empty()) out += fmt::format("\n{}\n", foot);
  return out;
}

}  // namespace

std::string to_markdown(const Table& table) {
  const std::string details = markdown_details(table);
  return without_details(table, "") + (details.empty() ? "" : "\n" + details);
}

std::string to_markdown(const Table& table, std::size_t details_number) {
  const bool some = !table.details.empty();
  return without_details(table, some ? fmt::format("Details: [note {0}](#note-{0}).", details_number) : "");
}

std::string markdown_details(const Table& table) {
  std::string list;
  for (const std::string& sentence : table.details) list += fmt::format("- {}\n", markdown_field(sentence));
  return list;
}

}  // namespace latentgrid
