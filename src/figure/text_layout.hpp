#pragma once

#include <limits>
#include <string>
#include <string_view>

#include "figure/drawing.hpp"
#include "figure/palette.hpp"

typedef struct _cairo cairo_t;

namespace latentgrid {

// Text in figure_font, measured and drawn by Pango: what the font lacks comes from another font of the machine. Sizes and
// widths are in points. Thread-safe.

constexpr double line_height = 1.25;  // of the size

enum class Align { left, center, right };

struct TextStyle {
  double size = 8;
  Align align = Align::left;
  bool bold = false;
  bool upward = false;  // read from below; `align` then counts along it: right ends at the place
  Rgb color = 0x1A1A1A;
  double width = std::numeric_limits<double>::infinity();  // of a line; longer text is broken and then ends in "…"
  int lines = 1;                                           // at most
};

struct TextSize {
  double width = 0, height = 0;
  bool cut = false;  // some of the text is missing
};

// Whether the machine has figure_font. Nothing else here may be called without.
bool has_figure_font();

// Along the text and across it: `upward` changes nothing. An empty text has no size. Newlines count as spaces.
TextSize text_size(std::string_view text, const TextStyle& style);

// Whether some of the text's letters are in no font of this machine.
bool lacks_letters(std::string_view text);

// With the middle of its height at (x, y).
void show_text(cairo_t* to, double x, double y, std::string_view text, const TextStyle& style);

// The style with the least width in which the text has no more lines: a heading without a lonely last word.
TextStyle balanced(std::string_view text, TextStyle style);

// The style with a size in which the text fits, of 3/4 at least.
TextStyle shrunk_to_fit(std::string_view text, TextStyle style);

}  // namespace latentgrid
