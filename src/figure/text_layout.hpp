#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// Plain text set in DejaVu Sans, before anything draws it. Sizes and widths in points; all text is UTF-8.

constexpr double line_height = 1.25;  // of the size

// What may be drawn or sent as JSON: bytes that are no UTF-8 become U+FFFD, control characters a space; newlines stay.
std::string clean_text(std::string_view text);

// From the font's advance widths for ASCII; other letters count as wide ones do. A line of many letters is never wider
// than this by more than a few percent.
double text_width(std::string_view text, double size, bool bold = false);

// The text, or its beginning and "…" where it is wider than `width`.
std::string shorten_text(std::string_view text, double size, double width, bool bold = false);

// Lines no wider than `width`, broken at newlines, spaces, after one of _-/,: and, failing that, anywhere; the last of
// `most_lines` ends in "…" where text is left over. An empty text has no lines.
std::vector<std::string> wrap_text(std::string_view text, double size, double width, std::size_t most_lines,
                                   bool bold = false);

// The same, with lines about as long as one another: for headings.
std::vector<std::string> wrap_heading(std::string_view text, double size, double width, std::size_t most_lines,
                                      bool bold = false);

// One line made to fit: smaller first, down to 3/4 of `size`, then shortened.
struct FittedText {
  std::string text;
  double size = 0;
};
FittedText fit_text(std::string_view text, double size, double width, bool bold = false);

}  // namespace latentgrid
