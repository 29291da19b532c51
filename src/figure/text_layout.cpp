#include "figure/text_layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace latentgrid {

namespace {

// Advance widths of DejaVu Sans 2.37 for the characters 32 to 126, in thousandths of the size.
constexpr std::array<int, 95> advances{318,  401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
                                       636,  636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
                                       1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
                                       603,  787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
                                       500,  613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
                                       635,  635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838};
constexpr double bold_factor = 1.11;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

// Bytes of the well-formed character at the front of `text` (RFC 3629); 0: none.
std::size_t character_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  unsigned second = byte(1);
  bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  bool surrogate = first == 0xED && second >= 0xA0, beyond = first == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

double character_width(std::string_view character) {
  auto first = static_cast<unsigned char>(character[0]);
  if (first >= 32 && first < 127) return advances[first - 32] / 1000.0;
  if (first < 0xE1) return 0.84;  // as ± and ×, the widest of Latin-1 and Greek in use
  return 1;
}

std::string_view pop_character(std::string_view& text) {
  std::string_view character = text.substr(0, std::max<std::size_t>(character_length(text), 1));
  text.remove_prefix(character.size());
  return character;
}

// How much of `text` stands on a line of this width: up to the last space, where there is one, or else to the last sign.
std::size_t first_line(std::string_view text, double size, double width, bool bold) {
  std::string_view rest = text;
  std::size_t space = 0, sign = 0;
  double used = 0, scale = size * (bold ? bold_factor : 1);
  while (!rest.empty()) {
    std::size_t begin = text.size() - rest.size();
    std::string_view character = pop_character(rest);
    if (character == "\n") return begin;
    if (character == " ") space = begin;
    used += character_width(character) * scale;
    if (used > width && character != " ") {
      if (space > 0 || sign > 0) return space > 0 ? space : sign;
      return begin > 0 ? begin : character.size();
    }
    if (std::string_view("_-/,:").find(character) != std::string_view::npos) sign = text.size() - rest.size();
  }
  return text.size();
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    std::size_t length = character_length(text);
    std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    auto first = static_cast<unsigned char>(character[0]);
    bool c1_control = length == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
    bool no_character = character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";  // which XML forbids
    if (length == 0 || no_character) {
      clean += replacement;
    } else if (c1_control || (first < 32 && first != '\n') || first == 127) {
      clean += ' ';
    } else {
      clean += character;
    }
    text.remove_prefix(character.size());
  }
  return clean;
}

double text_width(std::string_view text, double size, bool bold) {
  double width = 0;
  while (!text.empty()) width += character_width(pop_character(text));
  return width * size * (bold ? bold_factor : 1);
}

std::string shorten_text(std::string_view text, double size, double width, bool bold) {
  if (text_width(text, size, bold) <= width) return std::string(text);
  double used = text_width(ellipsis, size, bold);
  std::string kept;
  while (!text.empty()) {
    std::string_view character = pop_character(text);
    used += text_width(character, size, bold);
    if (used > width) break;
    kept += character;
  }
  while (!kept.empty() && kept.back() == ' ') kept.pop_back();
  return kept.append(ellipsis);
}

std::vector<std::string> wrap_text(std::string_view text, double size, double width, std::size_t most_lines,
                                   bool bold) {
  std::vector<std::string> lines;
  text = trimmed(text);
  while (!text.empty() && most_lines > 0) {
    std::size_t end = first_line(text, size, width, bold);
    if (lines.size() + 1 == most_lines && end < text.size()) {
      std::string rest(text);
      std::replace(rest.begin(), rest.end(), '\n', ' ');
      lines.push_back(shorten_text(rest, size, width, bold));
      break;
    }
    lines.emplace_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end);
    if (!text.empty() && text.front() == '\n') text.remove_prefix(1);
    text = trimmed(text);
  }
  return lines;
}

std::vector<std::string> wrap_heading(std::string_view text, double size, double width, std::size_t most_lines,
                                      bool bold) {
  std::vector<std::string> lines = wrap_text(text, size, width, most_lines + 1, bold);
  if (lines.size() < 2 || lines.size() > most_lines) return wrap_text(text, size, width, most_lines, bold);
  for (double narrower = width * 0.97; narrower > width / 2; narrower -= 0.03 * width) {
    std::vector<std::string> narrow = wrap_text(text, size, narrower, most_lines + 1, bold);
    if (narrow.size() > lines.size()) break;
    lines = std::move(narrow);
  }
  return lines;
}

FittedText fit_text(std::string_view text, double size, double width, bool bold) {
  double wide = text_width(text, size, bold);
  double smaller = wide > width ? std::max(size * width / wide, size * 0.75) : size;
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return {shorten_text(line, smaller, width * 1.0001, bold), smaller};
}

}  // namespace latentgrid
