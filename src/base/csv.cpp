#include "base/csv.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid {

namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name, char separator)
      : text_(text), name_(name), separator_(separator) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  bool at_end() const { return at_ == text_.size(); }

  CsvRecord record() {
    CsvRecord record{line_, {}};
    for (;;) {
      record.fields.push_back(peek() == '"' ? quoted() : plain());
      if (peek() != separator_ || at_end()) break;
      ++at_;
    }
    end_line();
    return record;
  }

 private:
  static bool ends_line(char c) { return c == '\n' || c == '\r'; }
  char peek() const { return at_end() ? '\n' : text_[at_]; }

  std::string plain() {
    const std::size_t start = at_;
    while (!at_end() && peek() != separator_ && !ends_line(peek())) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  std::string quoted() {
    const int first_line = line_;
    std::string field;
    for (++at_;; ++at_) {
      if (at_end()) throw Error(fmt::format("{}:{}: a quoted field begins here and never ends", name_, first_line));
      const char c = text_[at_];
      if (c == '"') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (c == '\n') ++line_;
      field += c;
    }
    ++at_;
    if (peek() != separator_ && !ends_line(peek())) {
      throw Error(fmt::format("{}:{}: a field goes on after its closing quote; a quote within one is written twice",
                              name_, line_));
    }
    return field;
  }

  void end_line() {
    if (at_end()) return;
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  std::string_view text_;
  const std::string& name_;
  const char separator_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name, char separator) {
  std::vector<CsvRecord> records;
  for (CsvReader reader(text, name, separator); !reader.at_end();) {
    CsvRecord record = reader.record();
    if (record.fields.size() > 1 || !record.fields[0].empty()) records.push_back(std::move(record));
  }
  return records;
}

}  // namespace latentgrid
