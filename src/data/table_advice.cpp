#include "data/table_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "data/lower_case.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

bool is_whole(const std::string& field) {
  const std::string_view text = trimmed(field);
  const std::string_view digits = text.substr(!text.empty() && (text[0] == '-' || text[0] == '+'));
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool is_number(const std::string& field) {
  const std::string text(trimmed(field));
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0';
}

bool all_of(const std::vector<std::string>& fields, bool (*holds)(const std::string&)) {
  return std::all_of(fields.begin(), fields.end(), holds);
}

struct Table {
  char separator = ',';             // ' ': any number of spaces
  std::vector<std::string> names;   // of the columns; empty if the table begins with values
  std::vector<std::string> values;  // of the first row
  int lines_before = 0;             // the values, blank ones included
  bool single_row = false;
};

std::vector<CsvRecord> records_of(const std::string& text, char separator) {
  try {
    std::vector<CsvRecord> records = parse_csv(text, "", separator);
    if (records.size() > 2) records.resize(2);
    return records;
  } catch (const Error&) {
    return {};
  }
}

std::vector<std::string> split_at_spaces(const std::string& text) {
  std::vector<std::string> fields;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    fields.push_back(text.substr(at, end - at));
    at = end;
  }
  return fields;
}

bool has_names(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  static const std::vector<std::string> usual{"id",       "label", "labels", "class",    "target",  "y",
                                              "filename", "file",  "image",  "image_id", "category"};
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_number(first[i])) continue;
    const std::string name = lower_case(trimmed(first[i]));
    if (std::find(usual.begin(), usual.end(), name) != usual.end()) return true;
    if (i < second.size() && is_number(second[i])) return true;
  }
  return false;
}

Table table_of(const std::string& text) {
  Table table;
  std::vector<CsvRecord> records = records_of(text, ',');
  for (char separator : {';', '\t'}) {
    const std::vector<CsvRecord> others = records_of(text, separator);
    if (records.empty() || (!others.empty() && others[0].fields.size() > records[0].fields.size())) {
      records = others;
      table.separator = separator;
    }
  }
  if (records.empty()) return table;
  if (records[0].fields.size() == 1 && all_of(split_at_spaces(records[0].fields[0]), is_number)) {
    for (CsvRecord& record : records) record.fields = split_at_spaces(record.fields[0]);
    if (records[0].fields.size() > 1) table.separator = ' ';
  }
  table.values = records[0].fields;
  table.single_row = records.size() == 1;
  if (records.size() > 1 && has_names(records[0].fields, records[1].fields)) {
    table.names = records[0].fields;
    table.values = records[1].fields;
    table.lines_before = records[0].line;
  }
  return table;
}

std::string delimiter_argument(const Table& table) {
  if (table.separator == ' ') return "";
  return fmt::format(", delimiter='{}'", table.separator == '\t' ? "\\t" : std::string(1, table.separator));
}

std::string encoding_argument(const FileContent& content) {
  return content.encoding.empty() ? "" : fmt::format(", encoding='{}'", content.encoding);
}

std::string loadtxt(const Table& table, const FileContent& content, const std::string& more = "") {
  std::string arguments = "{in}";
  if (table.values.size() > 1) arguments += delimiter_argument(table);
  if (table.lines_before > 0) arguments += fmt::format(", skiprows={}", table.lines_before);
  return fmt::format("np.loadtxt({}{}{})", arguments, encoding_argument(content), more);
}

std::size_t label_column(const Table& table) {
  for (std::size_t i = 0; i < std::min(table.names.size(), table.values.size()); ++i) {
    if (names_labels(table.names[i])) return i;
  }
  return table.values.size() - 1;
}

// A 1 at the class and 0 elsewhere.
bool is_one_hot(const std::vector<std::string>& values) {
  const auto ones = std::count(values.begin(), values.end(), "1"),
             zeros = std::count(values.begin(), values.end(), "0");
  return values.size() > 2 && ones == 1 && static_cast<std::size_t>(ones + zeros) == values.size();
}

std::string advice_for_list(const fs::path& path, const FileContent& content, const Table& table, FileRole role) {
  PythonLine line{.in = path, .suffix = "", .expression = ""};
  if (role == FileRole::labels && is_one_hot(table.values)) {
    line.expression = loadtxt(table, content) + ".argmax(1)";
    return run_python(line, "if each row has a 1 at its class (one-hot), ");
  }
  if (table.single_row && table.values.size() > 2 && all_of(table.values, is_number)) {
    line.expression = loadtxt(table, content);
    return run_python(line);
  }
  const std::size_t column = role == FileRole::labels || table.values.size() > 1 ? label_column(table) : 0;
  const std::string& value = table.values[column];
  std::string delimiter = table.values.size() > 1 && table.separator != ',' ? delimiter_argument(table) : "";
  if (table.separator == ' ') delimiter = ", delimiter=' ', skipinitialspace=True";
  const std::string rows = fmt::format("list(csv.reader(open({{in}}{}){})){}", encoding_argument(content), delimiter,
                                       table.lines_before > 0 ? fmt::format("[{}:]", table.lines_before) : "");
  const std::string cell = fmt::format("r[{}]", column);
  std::string condition =
      table.values.size() > 1
          ? fmt::format("if the rows are in the order of the images and {} holds the {}, ",
                        table.names.empty() ? "the last column" : fmt::format("'{}'", trimmed(table.names[column])),
                        words(role).plural)
          : "";
  line.imports = "import csv; ";
  if (is_whole(value)) {
    line.expression =
        fmt::format("np.array([int({}{}) for r in {} if r])", cell, role == FileRole::labels ? " or -1" : "", rows);
  } else if (is_number(value)) {
    line.expression = fmt::format("np.array([float({} or -1) for r in {} if r])", cell, rows);
  } else if (role == FileRole::indices) {
    line.expression = fmt::format("np.array([{}.lower() == 'true' for r in {} if r])", cell, rows);
  } else {
    line.expression = fmt::format("np.unique([{} for r in {} if r], return_inverse=True)[1]", cell, rows);
    line.printed = fmt::format("np.unique([{} for r in {} if r]).tolist()", cell, rows);
    return run_python(line, condition) + alphabetical;
  }
  return run_python(line, condition);
}

// ".reshape(-1, 28, 28)" of 784; "" if the pixels are neither a gray nor a coloured square.
std::string square(std::int64_t pixels) {
  const auto gray = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
  const auto color = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(pixels) / 3)));
  if (pixels > 3 && gray * gray == pixels) return fmt::format(".reshape(-1, {0}, {0})", gray);
  if (pixels > 3 && 3 * color * color == pixels)
    return fmt::format(".reshape(-1, 3, {0}, {0}).transpose(0, 2, 3, 1)", color);
  return "";
}

std::string advice_for_image_table(const fs::path& path, const FileContent& content, const Table& table) {
  const auto columns = static_cast<std::int64_t>(table.values.size());
  const bool numbers = all_of(table.values, is_number);
  if (columns < 4 || !numbers) return "this table holds no pixels: is it the file of the labels?";
  const bool bytes = all_of(table.values, [](const std::string& field) {
    return is_whole(field) && std::atoi(field.c_str()) >= 0 && std::atoi(field.c_str()) <= 255;
  });
  PythonLine line{.in = path, .suffix = "", .expression = loadtxt(table, content, bytes ? ", dtype='uint8'" : "")};
  const bool named = table.names.size() == table.values.size();
  const bool label_last = named && names_labels(table.names.back());
  const bool label_first = named ? names_labels(table.names.front()) : square(columns).empty();
  const std::int64_t pixels = columns - (label_first || label_last);
  if (label_last)
    line.expression += "[:, :-1]";
  else if (label_first)
    line.expression += "[:, 1:]";
  const std::string shape = square(pixels);
  if (shape.empty()) {
    line.expression += ".reshape(-1, H, W)";
    return run_python(
        line,
        fmt::format("put the height and width of your images, of {} values each, in the place of H and W, ", pixels));
  }
  line.expression += shape;
  std::string condition = shape.find("transpose") == std::string::npos
                              ? "if a row is a gray image"
                              : "if a row is an image whose red values all come first, as in CIFAR,";
  if (label_last || label_first) condition += fmt::format(" {} its label", label_last ? "before" : "behind");
  return run_python(line, condition + (condition.back() == ',' ? " " : ", "));
}

}  // namespace

std::string advice_for_table(const fs::path& path, const FileContent& content, FileRole role) {
  const Table table = table_of(content.start);
  if (table.values.empty()) return "";
  return role == FileRole::images ? advice_for_image_table(path, content, table)
                                  : advice_for_list(path, content, table, role);
}

}  // namespace latentgrid
