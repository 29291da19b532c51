#include "spec/yaml_mistake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace latentgrid {

namespace {

constexpr std::string_view no_break_space = "\xC2\xA0", wide_colon = "\xEF\xBC\x9A";

// Where the ':' is that makes a key of the text before it; nothing if there is none before a comment.
std::optional<std::size_t> key_colon(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && i > 0 && text[i - 1] == ' ') return std::nullopt;
    if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\t')) return i;
  }
  return std::nullopt;
}

std::string_view without_comment(std::string_view text) {
  text = text.substr(0, text.find(" #"));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string in_quotes(std::string_view text) {
  text = without_comment(text);
  const char quote = text.find('\'') == std::string_view::npos ? '\'' : '"';
  return fmt::format("{0}{1}{0}", quote, text);
}

// The letters, digits and the like that a key could be; empty if the text begins with none of them.
std::string_view name_at_the_start(std::string_view text) {
  const auto is_name = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '-'; };
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text.front()))) return "";
  return text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_name) - text.begin()));
}

// The name before a bracket that is meant as its value: "train {epochs: 2}". Empty where the bracket closes before the colon.
std::string_view name_before_bracket(std::string_view text, std::size_t colon) {
  const std::string_view name = name_at_the_start(text);
  const std::size_t next = text.find_first_not_of(" \t", name.size());
  if (name.empty() || next == std::string_view::npos || next == name.size() || next > colon) return "";
  if (text[next] != '{' && text[next] != '[') return "";
  return text.substr(next, colon - next).find(text[next] == '{' ? '}' : ']') == std::string_view::npos ? name : "";
}

bool is_dash_before_name(std::string_view text) { return text.starts_with('-') && !name_at_the_start(text.substr(1)).empty(); }

// Follows the lines of a text as YAML nests them, and stops at the first that cannot stand where it does.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : cursor_(text) {}

  std::optional<YamlMistake> read() {
    while (!cursor_.at_end() && !done_) {
      if (auto wrong = read_line()) return wrong;
      cursor_.next_line();
    }
    return std::nullopt;
  }

 private:
  struct Level {
    int column = -1;
    bool list = false;
    int line = 0;      // of its last entry
    bool open = true;  // the last entry has no value yet
  };
  // A text without quotes, which may go on in the next lines.
  struct Plain {
    bool open = false;
    bool own_line = false;  // no key stands before it
    int line = 0, column = 0;
  };

  std::optional<YamlMistake> read_line();
  std::optional<YamlMistake> read_content();
  std::optional<YamlMistake> read_value();
  std::optional<YamlMistake> read_plain();
  std::optional<YamlMistake> spoilt_key(std::size_t colon) const;
  std::optional<YamlMistake> over_line_without_key();
  std::optional<YamlMistake> over_closed_value();
  std::optional<YamlMistake> over_alias();
  void over_block_text();
  std::optional<YamlMistake> place(bool list);
  std::optional<YamlMistake> place_beside(bool list);
  YamlMistake below_a_text() const;
  YamlMistake too_far() const;
  YamlMistake unaligned(const Level& left, bool list) const;
  std::optional<YamlMistake> missing_colon(int line, int column) const;
  YamlMistake no_colon(int line, int column) const;
  void enter(bool list);

  YamlCursor cursor_;
  std::vector<Level> levels_ = {Level()};
  Plain plain_;
  std::set<std::string, std::less<>> anchors_;
  bool begun_ = false, done_ = false;
};

YamlMistake mistake_at(int line, int column, std::string message, std::string hint) {
  return {line + 1, column + 1, std::move(message), std::move(hint)};
}

std::optional<YamlMistake> LineReader::missing_colon(int line, int column) const {
  const std::string_view text = cursor_.whole_line(line).substr(column);
  if (const std::size_t wide = text.find(wide_colon); wide != std::string_view::npos) {
    return mistake_at(line, column + static_cast<int>(wide), "this is a full-width colon (：)",
                      "write an ordinary colon and a space");
  }
  const std::string hint = missing_colon_hint(text);
  const std::size_t colon = text.find(':');
  if (!hint.empty() && colon != std::string_view::npos) {
    return mistake_at(line, column + static_cast<int>(colon), "a space is missing after the colon", hint);
  }
  return std::nullopt;
}

YamlMistake LineReader::no_colon(int line, int column) const {
  const std::string_view text = without_comment(cursor_.whole_line(line).substr(column));
  const std::string_view key = name_at_the_start(text);
  const bool two_words = !key.empty() && key.size() + 1 < text.size() && text[key.size()] == ' ';
  return mistake_at(line, column, "this line has no colon",
                    two_words ? fmt::format("write {}:{}", key, text.substr(key.size()))
                              : "a line of a map is a key, a colon, a space and a value: epochs: 4");
}

// A key from which a character is missing: "train {epochs: 2}", "-conv2d: [3, 8, 3]". YAML takes both as they are.
std::optional<YamlMistake> LineReader::spoilt_key(std::size_t colon) const {
  if (plain_.open && cursor_.column() > levels_.back().column) return std::nullopt;
  if (is_dash_before_name(cursor_.rest())) return cursor_.no_space_after_dash();
  const std::string_view name = name_before_bracket(cursor_.rest(), colon);
  if (name.empty()) return std::nullopt;
  return cursor_.no_colon_after(cursor_.column(), name);
}

// A key below a text that goes on: the text was meant to be a key, or the line begins too far to the right.
YamlMistake LineReader::below_a_text() const {
  if (plain_.own_line) {
    for (int line = plain_.line; line < cursor_.line(); ++line) {
      const std::size_t indent = cursor_.whole_line(line).find_first_not_of(' ');
      const int column = line == plain_.line ? plain_.column : static_cast<int>(indent);
      if (indent == std::string_view::npos) continue;
      if (auto missing = missing_colon(line, column)) return *missing;
    }
    if (!levels_.back().list) return no_colon(plain_.line, plain_.column);
    const std::string_view text = cursor_.whole_line(plain_.line).substr(plain_.column);
    return cursor_.mistake(fmt::format("this line is indented further than line {0}, but nothing can belong to line {0}", plain_.line + 1),
                           fmt::format("write a colon in line {}: '{}:'", plain_.line + 1, text));
  }
  return too_far();
}

YamlMistake LineReader::too_far() const {
  const Level& level = levels_.back();
  return cursor_.mistake(
      fmt::format("this line is indented further than line {0}, but line {0} has a value already", level.line + 1),
      fmt::format("begin it in column {}, as line {}, or remove the value there", level.column + 1, level.line + 1));
}

YamlMistake LineReader::unaligned(const Level& left, bool list) const {
  if (levels_.size() == 1) {
    return cursor_.mistake(fmt::format("this line begins further left than the keys above it, in line {}", left.line + 1),
                           "begin all keys of the sweep in column 1");
  }
  std::string hint;
  if (left.list == list) hint = fmt::format("begin it in column {}, as line {}", left.column + 1, left.line + 1);
  for (std::size_t i = levels_.size() - 1; i > 0; --i) {
    if (levels_[i].list != list) continue;
    hint += fmt::format("{} in column {}, as line {}", hint.empty() ? "begin it" : ", or", levels_[i].column + 1,
                        levels_[i].line + 1);
    break;
  }
  return cursor_.mistake("this line aligns with no line above it", hint);
}

void LineReader::enter(bool list) {
  levels_.back().open = false;
  levels_.push_back({cursor_.column(), list, cursor_.line(), true});
}

// At the column of the innermost level.
std::optional<YamlMistake> LineReader::place_beside(bool list) {
  Level& level = levels_.back();
  if (level.list == list) {
    level.line = cursor_.line();
    level.open = true;
    return std::nullopt;
  }
  if (list && level.open) {
    enter(true);  // a list may begin in the column of its key
    return std::nullopt;
  }
  const bool key_above = levels_.size() > 1 && levels_[levels_.size() - 2].column == level.column;
  if (!list && key_above) {
    levels_.pop_back();
    return place_beside(list);
  }
  if (list) {
    return cursor_.mistake(fmt::format("a list item stands among keys: line {} is a key with a value", level.line + 1),
                           "remove the '-', or put the item below a key that has no value in its line");
  }
  return cursor_.mistake(fmt::format("a key stands among list items: line {} is an item", level.line + 1),
                         "write '- ' before it, or indent it as the key that it belongs to");
}

// A key or a list item begins here.
std::optional<YamlMistake> LineReader::place(bool list) {
  const int column = cursor_.column();
  if (plain_.open && column > levels_.back().column) return below_a_text();
  plain_.open = false;
  std::optional<Level> left;
  while (levels_.back().column > column) {
    left = levels_.back();
    levels_.pop_back();
  }
  if (levels_.back().column == column) return place_beside(list);
  if (left) return unaligned(*left, list);
  if (!levels_.back().open) return too_far();
  enter(list);
  return std::nullopt;
}

std::optional<YamlMistake> LineReader::read_line() {
  const std::string_view line = cursor_.rest();
  if (line.starts_with("---") || line.starts_with("...")) {
    done_ = begun_;
    return std::nullopt;
  }
  cursor_.skip_spaces();
  if (cursor_.at_end_of_line() || cursor_.at_comment()) return std::nullopt;
  if (cursor_.rest().starts_with(no_break_space)) {
    return cursor_.mistake("this line is indented with no-break spaces", "delete the blanks before the text and type spaces");
  }
  if (!begun_ && line.starts_with("%")) {
    return cursor_.mistake("this line is a directive to YAML readers", "remove it");
  }
  begun_ = true;
  return read_content();
}

std::optional<YamlMistake> LineReader::read_content() {
  while (cursor_.peek() == '-' && (cursor_.peek(1) == ' ' || cursor_.peek(1) == '\n')) {
    if (plain_.open && cursor_.column() > levels_.back().column) return std::nullopt;  // a dash in a text that goes on
    if (auto wrong = place(true)) return wrong;
    cursor_.forward();
    cursor_.skip_spaces();
    if (cursor_.at_end_of_line() || cursor_.at_comment()) return std::nullopt;
  }
  const char c = cursor_.peek();
  if (c == '?' && cursor_.peek(1) == ' ') {
    done_ = true;
    return std::nullopt;
  }
  if (c == '"' || c == '\'') {
    if (plain_.open && cursor_.column() > levels_.back().column) return std::nullopt;  // a quote in a text that goes on
    YamlCursor behind(cursor_);
    if (auto wrong = behind.skip_quoted()) return wrong;
    behind.skip_spaces();
    if (behind.peek() != ':' || behind.line() != cursor_.line()) return over_line_without_key();
    if (auto wrong = place(false)) return wrong;
    cursor_ = behind;
    cursor_.forward();
    return read_value();
  }
  const auto colon = c == '[' || c == '{' ? std::nullopt : key_colon(cursor_.rest());
  if (!colon) return over_line_without_key();
  if (auto wrong = spoilt_key(*colon)) return wrong;
  if (auto wrong = place(false)) return wrong;
  if (c == '@' || c == '`' || c == '%') {
    return cursor_.mistake(fmt::format("a key cannot begin with '{}'", c), "put the key in quotes if it is meant so");
  }
  cursor_.forward(static_cast<int>(*colon) + 1);
  return read_value();
}

std::optional<YamlMistake> LineReader::over_line_without_key() {
  Level& level = levels_.back();
  const bool deeper = cursor_.column() > level.column;
  if (plain_.open && deeper) return std::nullopt;  // it goes on
  const std::string_view text = without_comment(cursor_.rest());
  const bool dashed = is_dash_before_name(text);
  if (dashed && name_at_the_start(text.substr(1)).size() + 1 == text.size()) return cursor_.no_space_after_dash();
  if (deeper && level.open) {
    const int line = cursor_.line(), column = cursor_.column();
    auto wrong = read_value();
    if (plain_.open) plain_ = {true, true, line, column};
    return wrong;
  }
  if (dashed || (cursor_.peek() == '-' && level.list)) return cursor_.no_space_after_dash();
  if (auto missing = missing_colon(cursor_.line(), cursor_.column())) return missing;
  if (cursor_.peek() == ']' || cursor_.peek() == '}') return cursor_.closes_nothing();
  return no_colon(cursor_.line(), cursor_.column());
}

std::optional<YamlMistake> LineReader::over_closed_value() {
  cursor_.skip_spaces();
  if (cursor_.at_end_of_line() || cursor_.at_comment()) return std::nullopt;
  return cursor_.more_text();
}

std::optional<YamlMistake> LineReader::over_alias() {
  const std::string_view name = cursor_.rest().substr(1, cursor_.rest().find_first_of(" \t") - 1);
  YamlCursor behind(cursor_);
  behind.forward(static_cast<int>(name.size()) + 1);
  if (anchors_.contains(name) && behind.nothing_follows()) return std::nullopt;
  const std::string message = anchors_.contains(name)
                                  ? fmt::format("there is more text behind '*{}', which stands for a value", name)
                                  : fmt::format("'*{0}' stands for the value at '&{0}', which is not in the file", name);
  return cursor_.mistake(message, fmt::format("if it is a text, put it in quotes: {}", in_quotes(cursor_.rest())));
}

// After | or >: the lines that are indented further than the key.
void LineReader::over_block_text() {
  const int column = std::max(0, levels_.back().column);
  for (YamlCursor next(cursor_); !cursor_.at_end(); cursor_ = next) {
    next.next_line();
    if (next.at_end()) return;
    YamlCursor content(next);
    content.skip_spaces();
    if (!content.at_end_of_line() && content.column() <= column) return;
  }
}

std::optional<YamlMistake> LineReader::read_value() {
  cursor_.skip_spaces();
  while (cursor_.peek() == '&' || cursor_.peek() == '!') {
    const std::string_view word = cursor_.rest().substr(0, cursor_.rest().find_first_of(" \t"));
    if (word == "&") return cursor_.mistake("a text that begins with '&' needs quotes", fmt::format("write {}", in_quotes(cursor_.rest())));
    if (word.front() == '&') anchors_.emplace(word.substr(1));
    cursor_.forward(static_cast<int>(word.size()));
    cursor_.skip_spaces();
  }
  if (cursor_.at_end_of_line() || cursor_.at_comment()) return std::nullopt;  // the value is in the next lines
  levels_.back().open = false;
  const char c = cursor_.peek();
  if (c == '"' || c == '\'') {
    if (auto wrong = cursor_.skip_quoted()) return wrong;
    return over_closed_value();
  }
  if (c == '[' || c == '{') {
    if (auto wrong = cursor_.skip_brackets()) return wrong;
    return over_closed_value();
  }
  if (c == '*') return over_alias();
  if (c == ']' || c == '}') return cursor_.closes_nothing();
  if (c == '-' && cursor_.peek(1) == ' ') {
    return cursor_.mistake("a list with '-' cannot begin in the line of its key", "begin it in the next line, or write it as [a, b]");
  }
  return read_plain();
}

std::optional<YamlMistake> LineReader::read_plain() {
  const std::string_view text = cursor_.rest();
  const char c = text.front();
  if ((c == '|' || c == '>') && without_comment(text).find_first_not_of("+-0123456789", 1) == std::string_view::npos) {
    over_block_text();
    return std::nullopt;
  }
  if (std::string_view("@`%,|>").find(c) != std::string_view::npos) {
    return cursor_.mistake(fmt::format("a text that begins with '{}' needs quotes", c), fmt::format("write {}", in_quotes(text)));
  }
  if (const auto colon = key_colon(text)) {
    YamlCursor at(cursor_);
    at.forward(static_cast<int>(*colon));
    std::string hint = fmt::format("if it is one text, put it in quotes: {}", in_quotes(text));
    if (name_at_the_start(text).size() == *colon) hint += fmt::format("; if it is a map, put it in braces: {{{}}}", without_comment(text));
    return at.mistake("there is a second colon in this line", hint);
  }
  plain_ = {true, false, cursor_.line(), cursor_.column()};
  return std::nullopt;
}

}  // namespace

std::string missing_colon_hint(std::string_view written) {
  const std::string_view key = name_at_the_start(written);
  std::string_view value = written.substr(key.size());
  if (key.empty() || value.size() < 2 || value.front() != ':' || value[1] == ' ' || value.starts_with("://")) return "";
  value = value.substr(1);
  return fmt::format("write {}: {}", key, without_comment(value));
}

std::optional<YamlMistake> find_yaml_mistake(std::string_view text) {
  return LineReader(text).read();
}

}  // namespace latentgrid
