#include "data/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "base/csv.hpp"
#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "data/file_role.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

bool is_number(const std::string& field) {
  char* end = nullptr;
  std::strtod(field.c_str(), &end);
  return !field.empty() && *end == '\0';
}

bool all_of(const std::vector<std::string>& fields, bool (*holds)(const std::string&)) {
  return std::all_of(fields.begin(), fields.end(), holds);
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

// The character of those that usually separate which divides the first line into the most fields.
char separator_of(const std::string& text) {
  const std::string line = text.substr(0, text.find_first_of("\r\n", text.find_first_not_of("\r\n")));
  char best = ',';
  for (char separator : {';', '\t'}) {
    if (std::count(line.begin(), line.end(), separator) > std::count(line.begin(), line.end(), best)) best = separator;
  }
  if (line.find(best) == std::string::npos && split_at_spaces(line).size() > 1 &&
      all_of(split_at_spaces(line), is_number)) {
    return ' ';
  }
  return best;
}

bool names_columns(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  static const std::vector<std::string> column_names{"id",       "label", "labels", "class",    "target",   "y",   "name",
                                              "filename", "file",  "image",  "image_id", "category", "path"};
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_number(first[i])) continue;
    if (std::find(column_names.begin(), column_names.end(), lower_case(first[i])) != column_names.end()) return true;
    if (i < second.size() && is_number(second[i])) return true;
  }
  return false;
}

TextTable table_of(std::string text, const fs::path& path, std::size_t most_rows) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // a byte order mark
  TextTable table;
  table.separator = separator_of(text);
  std::vector<CsvRecord> records = parse_csv(text, path.string(), table.separator == ' ' ? ',' : table.separator);
  if (records.size() > most_rows) records.resize(most_rows);
  for (CsvRecord& record : records) {
    if (table.separator == ' ') record.fields = split_at_spaces(record.fields[0]);
    for (std::string& field : record.fields) field = std::string(trimmed(field));
    if (record.fields.size() == 1 && record.fields[0].empty()) continue;
    table.rows.push_back(std::move(record.fields));
    table.lines.push_back(record.line);
  }
  if (table.rows.size() > 1 && names_columns(table.rows[0], table.rows[1])) {
    table.names = std::move(table.rows[0]);
    table.rows.erase(table.rows.begin());
    table.lines.erase(table.lines.begin());
  }
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    if (table.rows[i].size() == table.rows[0].size()) continue;
    throw HintedError(fmt::format("{} has {}, but the lines before it have {}", table.place(path, i),
                                  counted(std::ssize(table.rows[i]), "field"), table.rows[0].size()),
                      "put fields that hold a comma into quotes");
  }
  return table;
}

std::string loadtxt(const TextTable& table, const FileContent& content, const std::string& more) {
  std::string arguments = "{in}";
  if (table.separator != ' ') {
    arguments += fmt::format(", delimiter='{}'", table.separator == '\t' ? "\\t" : std::string(1, table.separator));
  }
  if (!table.names.empty()) arguments += fmt::format(", skiprows={}", table.lines[0] - 1);
  if (!content.encoding.empty()) arguments += fmt::format(", encoding='{}'", content.encoding);
  return fmt::format("np.loadtxt({}{})", arguments, more);
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

}  // namespace

bool is_whole_number(const std::string& field) {
  const std::string_view digits =
      std::string_view(field).substr(!field.empty() && (field[0] == '-' || field[0] == '+'));
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); });
}

std::string TextTable::place(const fs::path& path, std::size_t row) const {
  return fmt::format("line {} of {}", lines[row], path.string());
}

TextTable read_text_table(const fs::path& path) {
  TextTable table = table_of(utf8_of(read_text_file(path)), path, std::string::npos);
  if (table.rows.empty()) throw HintedError(fmt::format("{} is empty", path.string()), "is this the right file?");
  return table;
}

std::string advice_for_image_table(const fs::path& path, const FileContent& content) {
  TextTable table;
  try {
    table = table_of(content.start, path, 2);
  } catch (const Error&) {
    // rows of different lengths are no images
  }
  const std::vector<std::string> values = table.rows.empty() ? std::vector<std::string>() : table.rows[0];
  const auto columns = static_cast<std::int64_t>(values.size());
  if (columns < 4 || !all_of(values, is_number)) return "this table holds no pixels: is it the file of the labels?";
  const bool bytes = all_of(values, [](const std::string& field) {
    return is_whole_number(field) && std::atoi(field.c_str()) >= 0 && std::atoi(field.c_str()) <= 255;
  });
  PythonLine line{.in = path, .suffix = "", .expression = loadtxt(table, content, bytes ? ", dtype='uint8'" : "")};
  const bool named = table.names.size() == values.size();
  const bool label_last = named && names_labels(table.names.back());
  const bool label_first = named ? names_labels(table.names.front()) : square(columns).empty();
  const std::int64_t pixels = columns - (label_first || label_last);
  if (label_last) {
    line.expression += "[:, :-1]";
  } else if (label_first) {
    line.expression += "[:, 1:]";
  }
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

}  // namespace latentgrid
