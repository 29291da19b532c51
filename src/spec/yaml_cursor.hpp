#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// What is wrong with a text that is not YAML. Lines and columns count from 1.
struct YamlMistake {
  int line = 0;
  int column = 0;
  std::string message;
  std::string hint;
  // It is a mistake although yaml-cpp accepts it: a quote that goes on to the end of the text, or a key such as "train {epochs".
  bool accepted = false;
};

// A place in a text that moves forward over quoted texts and brackets, and says what is wrong with them. The text must outlive it.
class YamlCursor {
 public:
  explicit YamlCursor(std::string_view text);

  bool at_end() const { return line_ >= static_cast<int>(lines_->size()); }
  bool at_end_of_line() const { return at_end() || column_ >= static_cast<int>(whole_line(line_).size()); }
  char peek(int ahead = 0) const;  // '\n' behind the end of the line
  std::string_view rest() const;   // of the line
  std::string_view whole_line(int line) const { return (*lines_)[line]; }
  int line() const { return line_; }      // counted from 0
  int column() const { return column_; }  // counted from 0

  void forward(int count = 1) { column_ += count; }
  void skip_spaces();
  void next_line();
  bool at_comment() const;  // '#' at the start of a line or after a space
  // Only spaces or a comment up to the end of the line.
  bool nothing_follows() const;

  YamlMistake mistake(std::string message, std::string hint) const;
  YamlMistake closes_nothing() const;  // of the bracket here
  YamlMistake no_space_after_dash() const;
  // Of a name in this line, which is the key of the bracket after it.
  YamlMistake no_colon_after(int column, std::string_view name) const;
  // Over the quoted text, or over everything up to the bracket that closes the one here.
  std::optional<YamlMistake> skip_quoted();
  std::optional<YamlMistake> skip_brackets();
  // Of the text after the quote or bracket that was skipped last: what must not stand there.
  std::optional<YamlMistake> more_text() const;

 private:
  struct Place {
    int line = 0, column = 0;
  };
  struct Bracket {
    Place where;
    char opening = '[';
    std::optional<Place> first;  // of its entries
    bool colon = false;          // since the last comma
    bool closed_value = false;   // a quote or bracket was closed since the last comma or colon
    Place word;                  // the last word since the last comma or colon
    int words = 0;
  };

  Place here() const { return {line_, column_}; }
  YamlMistake mistake_at(Place where, std::string message, std::string hint) const;
  YamlMistake unclosed(const Bracket& bracket, std::string why = "") const;
  bool at_colon_in_brackets() const;
  bool back_at_the_margin(const Bracket& bracket, Place word) const;
  std::optional<YamlMistake> over_colon(Bracket& bracket);
  std::optional<YamlMistake> over_closing(std::vector<Bracket>& open);
  std::optional<YamlMistake> over_value(std::vector<Bracket>& open);
  void over_words(Bracket& bracket);

  std::shared_ptr<const std::vector<std::string_view>> lines_;  // copies of a cursor share them
  int line_ = 0, column_ = 0;
  Place skipped_;          // where the quote or bracket that was skipped last began
  char skipped_with_ = 0;  // and what it was
};

}  // namespace latentgrid
