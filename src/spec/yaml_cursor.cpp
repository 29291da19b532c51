#include "spec/yaml_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace latentgrid {

namespace {

constexpr std::string_view flow_characters = ",[]{}";

char closing_of(char opening) {
  return opening == '[' ? ']' : '}';
}

std::string_view without_trailing(std::string_view text, std::string_view characters) {
  const std::size_t last = text.find_last_not_of(characters);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

std::string without_comment(const std::string& text) {
  return std::string(without_trailing(std::string_view(text).substr(0, text.find(" #")), " \t"));
}

}  // namespace

YamlCursor::YamlCursor(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(without_trailing(text.substr(0, end), "\r"));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  lines_ = std::make_shared<const std::vector<std::string_view>>(std::move(lines));
}

char YamlCursor::peek(int ahead) const {
  const int at = column_ + ahead;
  return at_end() || at < 0 || at >= static_cast<int>(whole_line(line_).size()) ? '\n' : whole_line(line_)[at];
}

std::string_view YamlCursor::rest() const {
  return at_end_of_line() ? std::string_view() : whole_line(line_).substr(column_);
}

void YamlCursor::skip_spaces() {
  while (peek() == ' ' || peek() == '\t') ++column_;
}

void YamlCursor::next_line() {
  ++line_;
  column_ = 0;
}

bool YamlCursor::at_comment() const {
  return peek() == '#' && (column_ == 0 || peek(-1) == ' ' || peek(-1) == '\t');
}

bool YamlCursor::nothing_follows() const {
  YamlCursor behind(*this);
  behind.skip_spaces();
  return behind.at_end_of_line() || behind.at_comment();
}

YamlMistake YamlCursor::mistake_at(Place where, std::string message, std::string hint) const {
  return {where.line + 1, where.column + 1, std::move(message), std::move(hint)};
}

YamlMistake YamlCursor::mistake(std::string message, std::string hint) const {
  return mistake_at(here(), std::move(message), std::move(hint));
}

YamlMistake YamlCursor::closes_nothing() const {
  return mistake(fmt::format("this '{}' closes nothing", peek()),
                 "remove it, open the bracket before it, or put the text in quotes if it belongs to one");
}

YamlMistake YamlCursor::no_space_after_dash() const {
  YamlMistake missing = mistake("a space is missing after the '-'", fmt::format("write '- {}'", without_comment(std::string(rest().substr(1)))));
  missing.accepted = true;
  return missing;
}

YamlMistake YamlCursor::no_colon_after(int column, std::string_view name) const {
  std::string line(whole_line(line_));
  line.insert(static_cast<std::size_t>(column) + name.size(), 1, ':');
  YamlMistake missing = mistake_at({line_, column}, fmt::format("a colon is missing after '{}'", name),
                                   fmt::format("write {}", without_comment(line.substr(line.find_first_not_of(' ')))));
  missing.accepted = true;
  return missing;
}

std::optional<YamlMistake> YamlCursor::skip_quoted() {
  const Place start = here();
  const char quote = peek();
  skipped_ = start;
  skipped_with_ = quote;
  forward();
  for (; !at_end(); next_line()) {
    for (; !at_end_of_line(); forward()) {
      if (peek() == '\\' && quote == '"') {
        constexpr std::string_view known = "0abtnvfre\"/\\N_LPxuU \t\n";
        if (known.find(peek(1)) == std::string_view::npos) {
          return mistake(fmt::format("'\\{}' has no meaning in double quotes", peek(1)),
                         "put the text in single quotes, or write \\\\ for a backslash");
        }
        forward();
      } else if (peek() == quote && quote == '\'' && peek(1) == quote) {
        forward();
      } else if (peek() == quote) {
        forward();
        return std::nullopt;
      }
    }
  }
  YamlMistake unclosed = mistake_at(start, "the quote that begins here is not closed",
                                    fmt::format("write {} at the end of the text", quote));
  unclosed.accepted = true;
  return unclosed;
}

std::optional<YamlMistake> YamlCursor::more_text() const {
  if (skipped_with_ == '[' || skipped_with_ == '{') {
    if (peek() == ']' || peek() == '}') return closes_nothing();
    return mistake(fmt::format("there is more text after the '{}' that closes the {}", closing_of(skipped_with_),
                               skipped_with_ == '[' ? "list" : "map"),
                   "begin a new line for it, or put the whole value in quotes if it is one text");
  }
  if (line_ != skipped_.line) {
    return mistake_at(skipped_, "the quote that begins here is not closed in its line",
                      fmt::format("write {} at the end of the text", skipped_with_));
  }
  if (skipped_with_ == '\'') {
    return mistake("there is more text after the closing quote",
                   "write '' for an apostrophe in single quotes, or put the text in double quotes");
  }
  return mistake("there is more text after the closing quote",
                 "put the whole text into one pair of quotes; a quote inside double quotes is written \\\"");
}

YamlMistake YamlCursor::unclosed(const Bracket& bracket, std::string why) const {
  return mistake_at(bracket.where, fmt::format("this '{}' is not closed{}", bracket.opening, why),
                    fmt::format("write '{}' where the {} ends", closing_of(bracket.opening),
                                bracket.opening == '[' ? "list" : "map"));
}

// Whether the word begins a line as far to the left as the line of the bracket: a new key rather than a part of it.
bool YamlCursor::back_at_the_margin(const Bracket& bracket, Place word) const {
  if (word.line == bracket.where.line || !bracket.first) return false;
  const auto indent = [&](int line) { return static_cast<int>(whole_line(line).find_first_not_of(' ')); };
  const int margin = indent(bracket.where.line);
  const bool entries_at_the_margin = bracket.first->line != bracket.where.line && bracket.first->column <= margin;
  return !entries_at_the_margin && indent(word.line) == word.column && word.column <= margin;
}

std::optional<YamlMistake> YamlCursor::over_colon(Bracket& bracket) {
  if (bracket.words > 0 && back_at_the_margin(bracket, bracket.word)) return unclosed(bracket);
  if (bracket.colon && bracket.words > 1) {
    const std::string_view word = whole_line(bracket.word.line).substr(bracket.word.column);
    return mistake_at(bracket.word, fmt::format("a comma is missing before '{}'", word.substr(0, word.find(':'))),
                      "entries between brackets are separated by commas: {a: 1, b: 2}");
  }
  if (bracket.colon) {
    return mistake("there is a second colon in this entry", "a map in a map has braces of its own: {a: {b: 1}}; a text with ': ' needs quotes");
  }
  bracket.colon = true;
  bracket.closed_value = false;
  bracket.words = 0;
  forward();
  return std::nullopt;
}

std::optional<YamlMistake> YamlCursor::over_closing(std::vector<Bracket>& open) {
  if (peek() != closing_of(open.back().opening)) {
    const auto closes = [&](const Bracket& bracket) { return closing_of(bracket.opening) == peek(); };
    if (std::none_of(open.begin(), open.end(), closes)) return closes_nothing();
    return unclosed(open.back(), fmt::format(" before the '{}' in line {}, column {}", peek(), line_ + 1, column_ + 1));
  }
  skipped_ = open.back().where;
  skipped_with_ = open.back().opening;
  open.pop_back();
  if (!open.empty()) open.back().closed_value = true;
  forward();
  return std::nullopt;
}

bool YamlCursor::at_colon_in_brackets() const {
  return peek() == ':' && std::string_view(" \t\n,[]{}").find(peek(1)) != std::string_view::npos;
}

// A plain text within brackets, up to what ends it or to the end of the line.
void YamlCursor::over_words(Bracket& bracket) {
  bool between = true;
  for (; !at_end_of_line(); forward()) {
    const char c = peek();
    if (flow_characters.find(c) != std::string_view::npos || at_comment()) return;
    if (at_colon_in_brackets()) return;
    const bool space = c == ' ' || c == '\t';
    if (between && !space) {
      bracket.word = here();
      ++bracket.words;
    }
    between = space;
  }
}

std::optional<YamlMistake> YamlCursor::over_value(std::vector<Bracket>& open) {
  Bracket& bracket = open.back();
  const char c = peek();
  if (!bracket.first) bracket.first = here();
  if (bracket.closed_value || (bracket.words > 0 && (c == '[' || c == '{'))) {
    if (back_at_the_margin(bracket, here())) return unclosed(bracket);
    if (c == '{' && bracket.words == 1 && !bracket.closed_value && !bracket.colon && bracket.word.line == line_) {
      const std::string_view word = whole_line(line_).substr(bracket.word.column, column_ - bracket.word.column);
      return no_colon_after(bracket.word.column, without_trailing(word, " \t"));
    }
    return mistake(fmt::format("a comma is missing before '{}'", rest().substr(0, rest().find_first_of(",:]}"))),
                   bracket.closed_value ? "entries between brackets are separated by commas: [a, b]"
                                        : "a text with brackets needs quotes");
  }
  if (c == '[' || c == '{') {
    open.push_back({.where = here(), .opening = c});
    forward();
    return std::nullopt;
  }
  if (bracket.words == 0 && (c == '"' || c == '\'')) {
    if (auto wrong = skip_quoted()) return wrong;
    bracket.closed_value = true;
    YamlCursor behind(*this);
    behind.skip_spaces();
    if (!behind.nothing_follows() && std::string_view(",:]}").find(behind.peek()) == std::string_view::npos) {
      return behind.more_text();
    }
    return std::nullopt;
  }
  if (bracket.words == 0 && (c == '&' || c == '!')) {  // an anchor or a tag stands before a value
    while (!at_end_of_line() && std::string_view(" \t,[]{}").find(peek()) == std::string_view::npos) forward();
    return std::nullopt;
  }
  if (bracket.words == 0 && (c == '@' || c == '`' || c == '%')) {
    return mistake(fmt::format("a text that begins with '{}' needs quotes", c), "put the text in quotes");
  }
  over_words(bracket);
  return std::nullopt;
}

std::optional<YamlMistake> YamlCursor::skip_brackets() {
  std::vector<Bracket> open = {{.where = here(), .opening = peek()}};
  forward();
  while (!open.empty()) {
    skip_spaces();
    if (at_end()) return unclosed(open.back());
    std::optional<YamlMistake> wrong;
    if (at_end_of_line() || at_comment()) {
      next_line();
    } else if (peek() == ',') {
      open.back().colon = open.back().closed_value = false;
      open.back().words = 0;
      forward();
    } else if (peek() == ']' || peek() == '}') {
      wrong = over_closing(open);
    } else if (at_colon_in_brackets() || (peek() == ':' && open.back().closed_value)) {
      wrong = over_colon(open.back());
    } else {
      wrong = over_value(open);
    }
    if (wrong) return wrong;
  }
  return std::nullopt;
}

}  // namespace latentgrid
