#pragma once

#include <string>
#include <vector>

#include "figure/figure.hpp"

namespace latentgrid {

// One small figure of every kind, in good order.
std::vector<Figure> plain_figures();

// What sweeps may bring along: not a number, nothing at all, one value, far too long or strange texts, many series.
std::vector<Figure> nasty_figures();

// Signs that mean something to XML, Pango's markup, a shell or a format string.
extern const char* const strange_text;

}  // namespace latentgrid
