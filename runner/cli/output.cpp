#include "cli/output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "base/key.hpp"
#include "base/output_file.hpp"
#include "cli/display_width.hpp"
#include "report/table.hpp"
#include "report/table_csv.hpp"
#include "report/table_markdown.hpp"

namespace latentgrid::cli {

namespace {

using OrderedJson = nlohmann::ordered_json;

bool is_null(const Cell& cell) {
  return std::holds_alternative<std::monostate>(cell);
}
bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
}

class CsvPrinter : public RowPrinter {
 public:
  explicit CsvPrinter(WriteText write) : write_(std::move(write)) {}

  void begin(const std::vector<std::string>& columns) override { line(columns); }
  void row(const std::vector<Cell>& cells) override {
    std::vector<std::string> fields;
    for (const Cell& cell : cells) {
      const auto* real = std::get_if<double>(&cell);
      fields.push_back(is_null(cell) ? "" : real ? real_to_text(*real) : cell_text(cell));
      if (const auto* text = std::get_if<std::string>(&cell)) fields.back() = *text;
    }
    line(fields);
  }
  void finish() override {}

 private:
  void line(const std::vector<std::string>& fields) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) text += (i > 0 ? "," : "") + csv_field(fields[i]);
    write_(text + "\n");
  }

  WriteText write_;
};

class JsonPrinter : public RowPrinter {
 public:
  explicit JsonPrinter(WriteText write) : write_(std::move(write)) {}

  void begin(const std::vector<std::string>& columns) override { columns_ = columns; }
  void row(const std::vector<Cell>& cells) override {
    OrderedJson object = OrderedJson::object();
    for (std::size_t i = 0; i < cells.size(); ++i) object[columns_[i]] = std::visit(to_json, cells[i]);
    write_((first_ ? "[\n" : ",\n") + object.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
    first_ = false;
  }
  void finish() override { write_(first_ ? "[]\n" : "\n]\n"); }

 private:
  struct ToJson {
    OrderedJson operator()(std::monostate) const { return nullptr; }
    OrderedJson operator()(double value) const {
      return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
    }
    template <typename T>
    OrderedJson operator()(const T& value) const {
      return value;
    }
  };
  static constexpr ToJson to_json{};

  WriteText write_;
  std::vector<std::string> columns_;
  bool first_ = true;
};

// Keeps every row, because a column is as wide as its widest cell and to the right only if all its values are numbers.
class BufferedPrinter : public RowPrinter {
 public:
  void begin(const std::vector<std::string>& columns) override {
    columns_ = columns;
    numeric_.assign(columns.size(), true);
  }
  void row(const std::vector<Cell>& cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!is_number(cells[i]) && !is_null(cells[i])) numeric_[i] = false;
    }
    rows_.push_back(cells);
  }

 protected:
  std::vector<std::string> columns_;
  std::vector<bool> numeric_;
  std::vector<std::vector<Cell>> rows_;
};

class TablePrinter : public BufferedPrinter {
 public:
  explicit TablePrinter(std::size_t indent) : indent_(indent) {}

  void finish() override {
    std::vector<std::vector<std::string>> lines = {columns_};
    for (const std::vector<Cell>& row : rows_) {
      lines.emplace_back();
      for (const Cell& cell : row) lines.back().push_back(printable(cell_text(cell)));
    }
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& line : lines) {
      for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
    }
    for (const auto& line : lines) fmt::print("{}\n", aligned(line, widths));
  }

 private:
  std::string aligned(const std::vector<std::string>& line, const std::vector<std::size_t>& widths) const {
    std::string text(indent_, ' ');
    for (std::size_t i = 0; i < line.size(); ++i) {
      std::string padding(widths[i] - display_width(line[i]), ' ');
      if (i > 0) text += "  ";
      text += numeric_[i] ? padding + line[i] : line[i] + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

  std::size_t indent_;
};

class MarkdownPrinter : public BufferedPrinter {
 public:
  void finish() override {
    fmt::print("|");
    for (const std::string& column : columns_) fmt::print(" {} |", markdown_field(column));
    fmt::print("\n|");
    for (bool numeric : numeric_) fmt::print("{}", numeric ? "---:|" : "---|");
    fmt::print("\n");
    for (const std::vector<Cell>& row : rows_) {
      fmt::print("|");
      for (const Cell& cell : row) {
        std::string text = is_null(cell) ? "" : markdown_field(cell_text(cell));
        fmt::print("{}", text.empty() ? " |" : fmt::format(" {} |", text));
      }
      fmt::print("\n");
    }
  }
};

}  // namespace

void require_one_on_stdout(const std::filesystem::path& out, const Context& context) {
  if (!is_stdout(out) || context.format != Format::json) return;
  throw UsageError("--out - and --json would both write to standard output: leave out one of them");
}

std::string format_by_ending(const std::filesystem::path& out, const std::vector<std::string>& formats) {
  const std::string extension = CLI::detail::to_lower(out.extension().string());
  if (extension.empty() || is_stdout(out)) return "";
  for (const std::string& format : formats) {
    if (extension == "." + format) return format;
  }
  std::error_code none;
  if (std::filesystem::exists(out, none) && !std::filesystem::is_regular_file(out, none)) return "";
  throw UsageError(fmt::format("{} does not end in .{}, so its format is not clear\n  hint: name the file {}, or add --format {}",
                               out.string(), fmt::join(formats, " or ."),
                               std::filesystem::path(out).replace_extension(formats[0]).string(), fmt::join(formats, " or --format ")));
}

bool stderr_redraws_lines() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) && terminal && *terminal && std::string_view(terminal) != "dumb";
}

std::string short_number(double value) {
  return fmt::format("{:.6g}", value);
}

std::string cell_text(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&cell)) return short_number(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return "-";
}

std::unique_ptr<RowPrinter> make_row_writer(Format format, WriteText write) {
  if (format == Format::json) return std::make_unique<JsonPrinter>(std::move(write));
  return std::make_unique<CsvPrinter>(std::move(write));
}

std::unique_ptr<RowPrinter> make_printer(Format format) {
  switch (format) {
    case Format::json:
    case Format::csv:
      return make_row_writer(format, [](std::string_view text) { fmt::print("{}", text); });
    case Format::md:
      return std::make_unique<MarkdownPrinter>();
    case Format::table:
    case Format::tex:  // of reports alone
      break;
  }
  return std::make_unique<TablePrinter>(0);
}

void print_rows(Format format, const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows,
                std::size_t indent) {
  auto printer = format == Format::table ? std::make_unique<TablePrinter>(indent) : make_printer(format);
  printer->begin(columns);
  for (const std::vector<Cell>& row : rows) printer->row(row);
  printer->finish();
}

}  // namespace latentgrid::cli
