#include "report/table_csv.hpp"

#include <fmt/format.h>

#include "base/key.hpp"
#include "report/table.hpp"

namespace latentgrid {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

namespace {

void add_fields(std::vector<std::string>& fields, const TableCell& cell, const TableColumn& column, bool show_n) {
  if (column.kind == ColumnKind::estimate) {
    const auto* estimate = std::get_if<Estimate>(&cell.value);
    fields.push_back(estimate ? real_to_text(estimate->mean) : "");
    fields.push_back(estimate && estimate->deviation ? real_to_text(*estimate->deviation) : "");
    if (show_n) fields.push_back(fmt::format("{}", estimate ? estimate->n : 0));
  } else if (const auto* number = std::get_if<std::int64_t>(&cell.value)) {
    fields.push_back(fmt::format("{}", *number));
  } else {
    const auto* text = std::get_if<std::string>(&cell.value);
    fields.push_back(text ? *text : "");
  }
  if (!column.best) return;
  fields.push_back(cell.best ? "1" : "0");
  fields.push_back(cell.tied ? "1" : "0");
}

void add_csv_row(std::string& out, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_field(fields[i]);
  }
  out += "\n";
}

}  // namespace

std::string to_csv(const Table& table) {
  std::string out;
  std::vector<std::string> fields;
  for (const TableColumn& column : table.columns) {
    const std::string& title = column.title.empty() ? column.field : column.title;
    fields.push_back(title);
    if (column.kind == ColumnKind::estimate) {
      fields.push_back(title + " std");
      if (table.show_n) fields.push_back(title + " n");
    }
    if (!column.best) continue;
    fields.push_back(title + " best");
    fields.push_back(title + " tied");
  }
  for (const CsvColumn& column : table.csv_columns) fields.push_back(column.title);
  add_csv_row(out, fields);
  for (std::size_t place = 0; place < table.rows.size(); ++place) {
    const std::vector<TableCell>& row = table.rows[place];
    fields.clear();
    for (std::size_t i = 0; i < row.size(); ++i) add_fields(fields, row[i], table.columns[i], table.show_n);
    for (const CsvColumn& column : table.csv_columns) fields.push_back(column.values[place]);
    add_csv_row(out, fields);
  }
  return out;
}

}  // namespace latentgrid
